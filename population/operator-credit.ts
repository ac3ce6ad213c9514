// Adaptive operator credit: operators whose children improved the front lately are drawn more often, and none dies out.
import type { Operator } from '../operators/index.ts';
import type { RandomStream } from '../src/random/stream.ts';

/** How much of an operator's credit one more of its children replaces: about its last ten count. */
const adaptation = 0.1;
/** The share of all draws that goes to every operator alike. */
const floor = 0.5;

/**
 * Probability matching: an operator is drawn with a probability of `floor / K` (K operators) plus its share of all credit
 * times `1 - floor`. Its credit is the mean, weighted towards the latest, of whether its children entered the front;
 * all begin with full credit, so that each is tried.
 *
 * Source: Thierens 2005, "An adaptive pursuit strategy for allocating operator probabilities", section 2.
 */
export class OperatorCredit {
  readonly #credit = new Map<string, number>();

  /** Takes notice of one evaluated child. */
  reward(operator: string, improved: boolean): void {
    const before = this.of(operator);
    this.#credit.set(operator, before + adaptation * ((improved ? 1 : 0) - before));
  }

  /** 0..1: how often children of the operator entered the front lately. */
  of(operator: string): number {
    return this.#credit.get(operator) ?? 1;
  }

  /** Each operator's probability to be drawn; together 1. */
  probabilities(operators: readonly Operator[]): number[] {
    const credits = operators.map(({ name }) => this.of(name));
    const total = credits.reduce((sum, credit) => sum + credit, 0);
    const even = 1 / operators.length;
    return credits.map((credit) => floor * even + (1 - floor) * (total === 0 ? even : credit / total));
  }

  /** All operators in the order in which to try them: drawn one after the other, without putting back. */
  shuffle(operators: readonly Operator[], rng: RandomStream): Operator[] {
    const weights = this.probabilities(operators);
    // Efraimidis & Spirakis 2006: ordering by u^(1/w) draws in proportion to w, one after the other.
    const keyed = operators.map((operator, index) => ({ operator, key: Math.log(1 - rng.float()) / weights[index]! }));
    return keyed.sort((a, b) => b.key - a.key).map(({ operator }) => operator);
  }
}
