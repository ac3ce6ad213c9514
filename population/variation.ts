// Makes children: a mutation of one parent, or a crossing of two stitched together.
import { operators as builtIn, type Operator, type Site } from '../operators/index.ts';
import {
  activeStitches,
  buildSupernetwork,
  crossings,
  fitPlan,
  type Crossing,
  type StitchRegression,
  type StitchType,
  type Supernetwork,
} from '../stitching/index.ts';
import { expected, reasonOf } from '../src/errors.ts';
import { validate } from '../src/network/validate.ts';
import type { RandomStream } from '../src/random/stream.ts';
import { attributesSchema, parseManifest, toManifest } from '../src/store/model-manifest.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import { childOf } from './check-parts.ts';
import type { Individual } from './individual.ts';
import type { ControlRecord, Provenance } from './run/journal-events.ts';
import { snapshotOf, type Snapshot } from './snapshot.ts';

/** A child and how it was made. */
export interface Variation {
  readonly provenance: Provenance | ControlRecord['provenance'];
  readonly child: TrainedNetwork;
  /** For stitched children: the intact parents, and which stitches to fit between their features. */
  readonly stitching: {
    readonly parents: readonly [TrainedNetwork, TrainedNetwork];
    readonly fits: readonly StitchRegression[];
  } | null;
  /** Ids of the nodes to train; null means all. */
  readonly trainable: readonly string[] | null;
  /** What was thrown while the child was made: it is then its parent unchanged, and not to be evaluated. */
  readonly failure?: string;
}

/**
 * Applies the first of the operators that has a site, at a random one. An operator that throws, has a
 * site that no journal can hold, makes a network that does not validate, or writes into its parent, gives a variation
 * with `failure`, and the parent is as it was: the run is not to end by one bad operator. What an operator keeps and
 * writes into after it has answered is not noticed.
 */
export function mutate(parent: Individual, operators: readonly Operator[], rng: RandomStream): Variation | undefined {
  let before: Snapshot | undefined;
  for (const operator of operators) {
    const asked = <T>(answer: () => T): T => {
      // Built-in ones are known to leave their parents alone.
      if (builtIn.includes(operator)) return answer();
      before ??= snapshotOf(parent.trained, [parent.trained]);
      return before.unwritten('a parent', operator.name, answer);
    };
    let site: Site = {};
    const provenance = (): Provenance => ({
      how: 'mutation',
      operator: operator.name,
      site,
      parents: [parent.id],
    });
    try {
      const sites = asked((): unknown => operator.sites(parent.trained.network));
      requireSites(sites, operator.name);
      if (sites.length === 0) continue;
      const drawn = rng.fork('site').pick(sites);
      requirePlain(drawn, operator.name);
      site = drawn;
      const answer = asked(() => operator.apply(parent.trained, drawn, rng.fork('weights')));
      const child = childOf(answer, operator.name);
      if (!child) continue;
      validate(child.network);
      parseManifest(toManifest(child).manifest);
      return { provenance: provenance(), child, stitching: null, trainable: null };
    } catch (error) {
      return failedVariation(parent, provenance(), error);
    }
  }
  return undefined;
}

function requireSites(sites: unknown, operator: string): asserts sites is readonly Site[] {
  if (!Array.isArray(sites)) throw expected('bad-argument', 'a list of sites', sites, operator);
}

/** Throws `bad-argument` for a site that would not be the same when read from JSON. */
function requirePlain(site: Site, operator: string): void {
  const parsed = attributesSchema.safeParse(site);
  if (parsed.success) return;
  const [key] = parsed.error.issues[0]!.path;
  const [got, place] = key === undefined ? [site, operator] : [site[String(key)], `${operator}.${String(key)}`];
  throw expected('bad-argument', 'a site of texts, finite numbers, booleans and lists of them', got, place);
}

function failedVariation(parent: Individual, provenance: Provenance, error: unknown): Variation {
  const failure = reasonOf(error);
  return { provenance, child: parent.trained, stitching: null, trainable: null, failure };
}

/** Enough for all but wide networks with many parallel branches, which then get the best matching found. */
const maxSubproblems = 2000;

/** A pair takes about 5 MB where both parents have 150 nodes, and 0.5 MB where they have 30. */
const maxPairings = 16;

/** A supernetwork and its crossings, cheapest first. */
interface Pairing {
  readonly supernetwork: Supernetwork;
  readonly ranked: readonly Crossing[];
}

/**
 * What two parents can be crossed to: matching and ranking take some 0.2 s for parents of 150 nodes. Holds the 16 pairs
 * that were asked for last, as long as both of their parents live; any other is worked out anew.
 */
export class PairingCache {
  readonly #types: readonly StitchType[] | undefined;
  readonly #known = new Map<string, Pairing>();

  /** Throws what `buildSupernetwork` throws for stitch types; by default all are used. */
  constructor(types?: readonly StitchType[]) {
    this.#types = types;
  }

  of(a: Individual, b: Individual): Pairing {
    const key = `${a.id} ${b.id}`;
    const pairing = this.#known.get(key) ?? this.#pair(a, b);
    // A map is in the order of insertion: the pair asked for longest ago comes first.
    this.#known.delete(key);
    this.#known.set(key, pairing);
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxPairings) this.#known.delete(oldest!);
    return pairing;
  }

  #pair(a: Individual, b: Individual): Pairing {
    const types = this.#types;
    const supernetwork = buildSupernetwork(a.trained, b.trained, {
      matching: { maxSubproblems },
      ...(types && { types }),
    });
    return { supernetwork, ranked: crossings(supernetwork) };
  }

  /** Forgets pairs that can no longer be asked for. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) {
      if (!key.split(' ').every((id) => ids.has(id))) this.#known.delete(key);
    }
  }
}

/**
 * Stitches two parents together at one or two places. Cheap crossings are likelier: the position among all `crossings`,
 * ranked by MACs, is the square of a uniform draw, so that the cheapest quarter is drawn half of the time. Only the new
 * stitches are to be trained. Where stitching throws, the variation has `failure`, and is the first parent.
 */
export function stitch(a: Individual, b: Individual, pairings: PairingCache, rng: RandomStream): Variation | undefined {
  try {
    return drawCrossing(a, b, pairings, rng);
  } catch (error) {
    const parents: [string, string] = [a.id, b.id];
    return failedVariation(a, { how: 'stitching', crossings: [], output: 'a', fit: [], parents }, error);
  }
}

function drawCrossing(a: Individual, b: Individual, pairings: PairingCache, rng: RandomStream): Variation | undefined {
  const { supernetwork, ranked } = pairings.of(a, b);
  if (ranked.length === 0) return undefined;
  const { genotype } = ranked[Math.floor(rng.float() ** 2 * ranked.length)]!;
  const { child, fits } = fitPlan(supernetwork, genotype);
  return {
    provenance: {
      how: 'stitching',
      crossings: fits.map(({ from, to }) => ({ from: from.node, to: to.node })),
      output: genotype.output,
      fit: [],
      parents: [a.id, b.id],
    },
    child,
    stitching: { parents: supernetwork.parents, fits },
    trainable: activeStitches(supernetwork, genotype),
  };
}
