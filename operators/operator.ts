// The contract of a mutation: one trained parent becomes one child that computes the same.
import type { Attributes, Network } from '../src/network/network.ts';
import type { RandomStream } from '../src/random/stream.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';

/**
 * How exactly the child's output equals the parent's: `bit`, equal bits when summed in order in float64; `real`, equal
 * in exact arithmetic; `approximate`, within a bound that the operator states, or none.
 */
export type Preservation = 'bit' | 'real' | 'approximate';

/** Where and how much, as plain data: it goes into the journal, and the same site gives the same kind of child. */
export type Site = Attributes;

/** Why an operator does not apply at a site; `not-exact`: what it does would change the output there. */
export type RefusalReason = 'no-such-node' | 'wrong-kind' | 'locked-channels' | 'bad-size' | 'not-exact';

/** That an operator does not apply at a site: an answer, not an exception. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** For people: "Expected ..., got ...". */
  readonly message: string;
}

/** A child, or why there is none. */
export type Mutation = { readonly child: TrainedNetwork } | { readonly refusal: Refusal };

/** A mutation: where it applies, and what it makes there. */
export interface Operator<S extends Site = Site> {
  /** In kebab-case; how people and the journal call it. */
  readonly name: string;
  readonly preserves: Preservation;
  /** Set where the promise holds in eval mode only: batch norm in train mode would see another batch. */
  readonly evalOnly?: true;
  /** Which way parameters and MACs move. */
  readonly cost: 'more' | 'less' | 'same';
  /** Set where sites are `ChannelSite`s: a site that is offered says how many channels, and may be told which. */
  readonly namesChannels?: true;
  /** One sentence: what it does. */
  readonly summary: string;
  /** How the numbers change, in one line; all operators of the registry have one, and `conditions`. */
  readonly formula?: string;
  /** Where it applies. */
  readonly conditions?: string;
  /** The paper or page the method comes from. */
  readonly source: string;
  /**
   * Of an approximate operator: how far a value of the child may be from the parent's in eval mode, as a share of the
   * largest value there (at least 1). Without it the operator vouches for nothing.
   */
  tolerance?(site: S): number;
  /** Every place where `apply` will not refuse. */
  sites(network: Network): readonly S[];
  /** The parent is never changed; what the child shares with it are the same tensors. Randomness comes from `rng`. */
  apply(parent: TrainedNetwork, site: S, rng: RandomStream): Mutation;
}
