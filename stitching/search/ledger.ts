// Counts the children that a search really evaluates, and remembers them: asking for one again is free.
import { Archive } from '../../src/pareto/archive.ts';
import { worstIfNaN, type ObjectiveVector } from '../../src/pareto/dominance.ts';
import { expected } from '../../src/errors.ts';
import { canonicalGenotype } from '../active-variables.ts';
import { genotypeKey, type Genotype } from '../genotype.ts';
import type { Supernetwork } from '../supernetwork.ts';

/** Objectives of children, all minimised, in the order of the genotypes; NaN ranks worst. */
export type EvaluateGenotypes = (genotypes: readonly Genotype[]) => Promise<readonly ObjectiveVector[]>;

/** A child as a search knows it. */
export interface EvaluatedGenotype {
  /** In canonical form. */
  readonly genotype: Genotype;
  readonly objectives: ObjectiveVector;
}

/** What a search found. */
export interface SearchResult {
  /** All different children that were evaluated, in that order. */
  readonly evaluated: readonly EvaluatedGenotype[];
  /** Those that no other dominates, by the first objective; of equals the first. */
  readonly front: readonly EvaluatedGenotype[];
}

/** So many repetitions in a row mean that there is no new child left to find. */
const patience = 2000;

export class Ledger {
  readonly #supernetwork: Supernetwork;
  readonly #evaluate: EvaluateGenotypes;
  readonly #budget: number;
  readonly #known = new Map<string, EvaluatedGenotype>();
  readonly #archive = new Archive<EvaluatedGenotype>();
  #repetitions = 0;

  /** `budget` children at most are evaluated. Throws `bad-argument` for one that is no whole number above 0. */
  constructor(supernetwork: Supernetwork, evaluate: EvaluateGenotypes, budget: number) {
    if (!Number.isSafeInteger(budget) || budget < 1) {
      throw expected('bad-argument', 'a budget of 1 or more evaluations', budget, 'budget');
    }
    this.#supernetwork = supernetwork;
    this.#evaluate = evaluate;
    this.#budget = budget;
  }

  /** Whether the budget is spent, or nothing new was asked for in a long time. */
  get finished(): boolean {
    return this.#left === 0 || this.#repetitions >= patience;
  }

  /**
   * The objectives of these children. Those that nobody asked for before, in canonical form, are evaluated together, as
   * far as the budget goes; for the rest the answer is undefined.
   */
  async ask(genotypes: readonly Genotype[]): Promise<(EvaluatedGenotype | undefined)[]> {
    const canonical = genotypes.map((genotype) => canonicalGenotype(this.#supernetwork, genotype));
    const wanted = new Map(canonical.map((genotype) => [genotypeKey(genotype), genotype]));
    const fresh = [...wanted].filter(([key]) => !this.#known.has(key)).slice(0, this.#left);
    this.#repetitions = fresh.length > 0 ? 0 : this.#repetitions + Math.max(1, genotypes.length);
    if (fresh.length > 0) {
      const vectors = await this.#evaluate(fresh.map(([, genotype]) => genotype));
      fresh.forEach(([key, genotype], i) => {
        const child = { genotype, objectives: vectors[i]!.map(worstIfNaN) };
        this.#known.set(key, child);
        this.#archive.add(child, child.objectives);
      });
    }
    return canonical.map((genotype) => this.#known.get(genotypeKey(genotype)));
  }

  /** The best trade-offs so far. */
  front(): EvaluatedGenotype[] {
    return this.#archive.members();
  }

  /** Children evaluated so far. */
  get spent(): number {
    return this.#known.size;
  }

  result(): SearchResult {
    return { evaluated: [...this.#known.values()], front: this.front() };
  }

  get #left(): number {
    return this.#budget - this.#known.size;
  }
}
