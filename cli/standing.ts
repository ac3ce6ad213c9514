// How far a run has come, from what it has told so far.
import type { GenerationRecord, IndividualRecord, Validation } from '../population/index.ts';
import { distances } from '../population/objectives/compare.ts';
import { optimised } from '../population/run/run-record.ts';
import type { ObjectiveDescription, RunStarted } from '../population/run/journal-events.ts';
import { compactCount, percentNumber } from '../report/number-text.ts';
import { hypervolumeNote } from './hypervolume-box.ts';

/** A share as per cent. */
export function percentText(share: number): string {
  return `${percentNumber(share)} %`;
}

/** How far the run has come. */
export class Standing {
  generations = 0;
  /** Children wanted of each generation. */
  children = 0;
  /** As the journal numbers them: of all generations, first networks and controls included. */
  evaluations = 0;
  /** The generation that ended last. */
  last: GenerationRecord | undefined;
  #mostEvaluations = Infinity;
  #start: RunStarted | undefined;
  /** When this sitting began, in milliseconds. */
  #began = 0;
  #objective: ObjectiveDescription | undefined;
  #best: { readonly value: number; readonly distance: number } | undefined;
  /** When this sitting began to make children, in milliseconds, and after how many evaluations. */
  #breeding: { readonly since: number; readonly after: number } | undefined;
  #firsts = 0;
  /** First networks and children, without controls. */
  #seen = 0;

  begin(start: RunStarted): void {
    const { generations, children, maxEvaluations } = start.config;
    this.#start = start;
    this.#began = performance.now();
    [this.#objective] = optimised(start);
    this.generations = generations;
    this.children = children;
    this.#mostEvaluations = maxEvaluations ?? Infinity;
  }

  ask(generation: number): void {
    if (generation > 0) this.#breeding ??= { since: performance.now(), after: this.#seen };
  }

  see({ evaluation, generation, values, violation }: IndividualRecord): void {
    this.evaluations = evaluation;
    this.#seen += 1;
    if (generation === 0) this.#firsts += 1;
    if (this.#objective === undefined || values === null || violation !== 0) return;
    const [distance] = distances([this.#objective], values);
    if (distance! < (this.#best?.distance ?? Infinity))
      this.#best = { value: values[this.#objective.name]!, distance: distance! };
  }

  close(generation: GenerationRecord): void {
    this.last = generation;
    // Controls may come last, or an individual of a generation that is not closed yet.
    this.evaluations = Math.max(this.evaluations, generation.evaluations);
  }

  /** What the hypervolumes of this run are shares of: to be said once, before bare numbers are. */
  scaleOf(generation: GenerationRecord): string {
    return hypervolumeNote(this.#start!, generation);
  }

  /** What the run optimises first. */
  get title(): string {
    return this.#objective?.title ?? '';
  }

  /** The best value of that so far, of those that keep the constraints. */
  get best(): string {
    if (this.#best === undefined) return 'none yet';
    const unit = this.#objective?.unit;
    if (unit === '%') return percentText(this.#best.value);
    return unit === undefined ? compactCount(this.#best.value) : `${compactCount(this.#best.value)} ${unit}`;
  }

  /**
   * Seconds to the end at this sitting's pace, as far as the limits of generations, evaluations and seconds tell it;
   * undefined before its first child, which first networks do not foretell.
   */
  get secondsLeft(): number | undefined {
    const { since, after } = this.#breeding ?? { since: 0, after: this.#seen };
    const done = this.#seen - after;
    if (done === 0) return undefined;
    const now = performance.now();
    const pace = (now - since) / 1000 / done;
    const children = this.#seen - this.#firsts;
    const left = Math.min(this.generations * this.children - children, this.#mostEvaluations - this.evaluations);
    // After `maxSeconds` no generation begins, but the one under way is finished.
    const inGeneration = this.children - (children % this.children);
    const allowed = (this.#start?.config.maxSeconds ?? Infinity) - (now - this.#began) / 1000;
    return Math.min(pace * Math.max(left, 0), Math.max(allowed, pace * inGeneration));
  }

  /** Of one whose validation a rung ended it is an estimate. */
  errorText({ error, samples }: Validation): string {
    const isEstimate = samples < (this.#start?.dataset.validation ?? 0);
    return `${isEstimate ? 'about ' : ''}${percentText(error)}`;
  }

  phase(generation: number): string {
    return generation === 0 ? 'Training the first population' : `Generation ${generation} of ${this.generations}`;
  }
}
