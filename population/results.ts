// What a run has come to so far: everything told, the front, and the compute.
import { reasonOf } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import { Archive } from '../src/pareto/archive.ts';
import type { Network } from '../src/network/network.ts';
import type { ObjectiveVector } from '../src/pareto/dominance.ts';
import { hypervolumeShare } from '../src/pareto/hypervolume.ts';
import type { Candidate, Evaluated, Success } from './candidate.ts';
import { SampleDifficulty } from './evaluation/sample-difficulty.ts';
import type { Individual } from './individual.ts';
import type { ObjectiveValues } from './objectives/compare.ts';
import type { RunObjectives } from './objectives/run-objectives.ts';
import type { Compute } from './run/journal-events.ts';

export const noCompute: Compute = { samples: 0, trainingMacs: 0, evaluationMacs: 0 };

/** The compute of several together. */
export function sumOf(parts: readonly Compute[]): Compute {
  return {
    samples: parts.reduce((sum, { samples }) => sum + samples, 0),
    trainingMacs: parts.reduce((sum, { trainingMacs }) => sum + trainingMacs, 0),
    evaluationMacs: parts.reduce((sum, { evaluationMacs }) => sum + evaluationMacs, 0),
  };
}

/** All results of a run, in the order in which they were told. */
export class Results {
  readonly #objectives: RunObjectives;
  readonly #archive = new Archive<Individual>();
  readonly #hypervolumes: number[] = [];
  /** Of a run with rungs, which validation samples are hard; settled with each generation. */
  readonly difficulty = new SampleDifficulty();
  /** Of every individual: what it took, and its parents. */
  readonly #lineage = new Map<string, { readonly spent: Compute; readonly parents: readonly string[] }>();
  #reference: ObjectiveVector | undefined;
  #evaluations = 0;
  #spent = noCompute;

  constructor(objectives: RunObjectives) {
    this.#objectives = objectives;
  }

  /** Candidates told, failed ones and controls included. */
  get evaluations(): number {
    return this.#evaluations;
  }

  get spent(): Compute {
    return this.#spent;
  }

  /** After each generation so far. */
  get hypervolumes(): readonly number[] {
    return this.#hypervolumes;
  }

  /** The hypervolume's reference point, in the objectives' own terms; known once the first population is. */
  get reference(): ObjectiveValues | undefined {
    return this.#reference && this.#objectives.values(this.#reference);
  }

  /** Share of the box between ideal point and reference that the front dominates, 0..1; 0 as long as there is no reference. */
  hypervolume(): number {
    return this.#reference ? hypervolumeShare(this.vectors(), this.#reference) : 0;
  }

  /** The non-dominated individuals that keep all constraints, by their objectives in the settings' order. */
  front(): Individual[] {
    return this.#archive.members();
  }

  /** Of the front. */
  vectors(): ObjectiveVector[] {
    return this.#archive.vectors();
  }

  /**
   * Takes what became of a candidate; says, too, whether it entered the front. An objective that cannot be measured makes
   * it a failure. Controls never enter.
   */
  add(candidate: Candidate, evaluated: Evaluated): { readonly individual: Individual; readonly entered: boolean } {
    const individual = this.#individual(candidate, evaluated);
    this.#evaluations += 1;
    this.#spent = sumOf([this.#spent, individual.spent]);
    const { outcome } = individual;
    // What failed by an objective is a failure in the journal, too, which keeps no mistakes of it.
    if (candidate.rungs && 'values' in outcome) this.difficulty.add(outcome.validation, outcome.mistakes);
    this.#lineage.set(individual.id, { spent: individual.spent, parents: individual.provenance.parents });
    const enters = individual.violation === 0 && individual.provenance.how !== 'control';
    return { individual, entered: enters && this.#archive.add(individual, individual.objectives) };
  }

  /** What may end the validation of a network early, as things stand; of null, nothing. */
  rungs(network: Network | null): Candidate['rungs'] {
    const toBeat = network && this.#objectives.errorToBeat(network, this.vectors());
    // What goes on to the last sample needs no order: the rates are not to travel for nothing.
    return { toBeat, difficulty: toBeat && this.difficulty.rates };
  }

  /** What these individuals and all their ancestors took, each of them once. */
  inheritedFrom(parents: readonly string[]): Compute {
    const ancestors = new Set(parents);
    // A set goes through what is added on the way, too.
    for (const id of ancestors) for (const parent of this.#lineage.get(id)!.parents) ancestors.add(parent);
    return sumOf([...ancestors].map((id) => this.#lineage.get(id)!.spent));
  }

  /** Ends a generation; the first one, given here, sets the reference point. */
  closeGeneration(generation: readonly Individual[]): void {
    const evaluated = generation.filter(({ outcome }) => 'values' in outcome);
    this.#reference ??= this.#objectives.reference(evaluated.map(({ objectives }) => objectives));
    this.#hypervolumes.push(this.hypervolume());
    this.difficulty.settle();
  }

  #individual(candidate: Candidate, evaluated: Evaluated): Individual {
    const { id, inherited } = candidate;
    const outcome = 'failure' in evaluated ? evaluated : this.#outcome(evaluated, candidate);
    // Of a failure no weights are kept: a child of it must be the same where the run was resumed.
    const trained = 'failure' in outcome || 'failure' in evaluated ? candidate.child : evaluated.trained;
    const scored = 'failure' in outcome ? this.#failedScore() : this.#score(outcome.values);
    const spent = 'failure' in evaluated ? (evaluated.spent ?? noCompute) : computeOf(evaluated);
    const fit = 'failure' in evaluated || 'failure' in outcome ? [] : [...evaluated.fit];
    const provenance =
      candidate.provenance.how === 'stitching' ? { ...candidate.provenance, fit } : candidate.provenance;
    const cheap = 'failure' in outcome ? [] : this.#objectives.cheap(trained.network, outcome.values);
    const cost = costOf(trained.network);
    return { id, trained, provenance, cost, outcome, ...scored, cheap, spent, inherited };
  }

  #outcome(success: Success, { rungs }: Candidate): Individual['outcome'] {
    const { validation, mistakes, confusion, latency, trained } = success;
    try {
      const measured = { network: trained.network, validation, confusion, latency };
      return {
        validation,
        mistakes: rungs ? mistakes : [],
        values: this.#objectives.measure(measured, success.values),
      };
    } catch (error) {
      return { failure: reasonOf(error) };
    }
  }

  #score(values: ObjectiveValues): Pick<Individual, 'objectives' | 'violation'> {
    return { objectives: this.#objectives.vector(values), violation: this.#objectives.violation(values) };
  }

  #failedScore(): Pick<Individual, 'objectives' | 'violation'> {
    return { objectives: this.#objectives.optimised.map(() => Infinity), violation: Infinity };
  }
}

function computeOf({ samplesSeen, macs }: Success): Compute {
  return { samples: samplesSeen, trainingMacs: macs.training, evaluationMacs: macs.evaluation };
}
