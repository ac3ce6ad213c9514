// Writes docs/results/stitching.md from what the benchmark `stitching-claim` prints, which it reads from its input.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import type { claimSettings, SeedResult } from '../bench/stitching-claim.bench.ts';

interface Claim {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  readonly data: string;
  readonly settings: typeof claimSettings;
  readonly seeds: readonly SeedResult[];
}

const { machine, data, settings, seeds } = JSON.parse(readFileSync(0, 'utf8')) as Claim;

const percent = (share: number): string => (100 * share).toFixed(2);
const millions = (macs: number): string => `${(macs / 1e6).toFixed(2)} M`;
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(header), row(header.map(() => '---:')), ...rows.map(row)].join('\n');
const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1]!;

const undominated = (seed: SeedResult) => seed.children.filter(({ dominatedBy }) => dominatedBy.length === 0);
/** A child that is merely cheaper than both parents is undominated at any error: these also err less than the cheaper. */
const between = (seed: SeedResult) => {
  const cheaper = seed.a.macs <= seed.b.macs ? seed.a : seed.b;
  return undominated(seed).filter(({ test }) => test < cheaper.test);
};
const holding = seeds.filter((seed) => undominated(seed).length > 0).length;
const all = seeds.flatMap(({ children }) => children);
const cpu = seeds.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
const beaten = (control: 'total' | 'beyondParents'): number =>
  seeds.filter(({ best, scratch }) => best.test < scratch[control].test).length;

const text = `# Stitching two trained networks: what comes of it

Written by \`npm run -s stitching-results\` (the measuring alone: \`npm run -s bench -- stitching-claim\`), on ${machine.cores} cores of
${machine.cpu}, Node ${machine.node}: ${cpu} seconds of one core for all ${seeds.length} seeds.

**The question.** Two trained networks of different families are joined by stitches. Is at least one child dominated, in
test error and multiply-accumulates, by none of parent A, parent B and the average of their outputs?

**The answer.** In ${holding} of ${seeds.length} seeds; in ${seeds.filter((seed) => between(seed).length > 0).length} by a child that also errs less than the cheaper parent (one that is merely
cheaper than both parents is undominated at any error). Of the ${all.length} children that were on the front by validation data,
${seeds.reduce((sum, seed) => sum + undominated(seed).length, 0)} are undominated on test data, ${seeds.reduce((sum, seed) => sum + between(seed).length, 0)} of them erring less than the cheaper parent;
${all.filter(({ dominates }) => dominates.includes('b')).length} dominate parent B and
${all.filter(({ dominates }) => dominates.includes('average')).length} the average.
${holding >= seeds.length - 1 ? '' : 'The goal, all seeds but one, is missed.'}

## How it was measured

${data.toUpperCase()}: the first 10,000 training images, a fifth of them for validation, all 10,000 test images. Parent A is a plain CNN
(convolutions of ${settings.plainWidths.slice(0, 3).join(', ')} channels with batch norm, dense ${settings.plainWidths[3]}), parent B a residual one
(\`bench/parents.ts\`); both are trained for ${settings.parentEpochs} epochs. All stitches are fitted in closed form on ${settings.fitSamples} training images.
Up to ${settings.childrenEvaluated} children of one and two stitches are evaluated on validation data; the ${settings.childrenTuned} best by rank and crowding have their
stitches trained for ${settings.tuneEpochs} epochs. The children below are those that no other child dominates on validation data: the test
images chose nothing. How wide A is was chosen by the parents' validation errors alone, so that the costlier parent is the
better one; of equal parents the cheap one dominates the other, and there is nothing to trade. So it was in a first trial
with seed 1 and a wider A (8, 16, 24 channels, dense 32; 100 children evaluated, 8 trained): both parents had 3.00 %
validation error, and neither of the two children on the front was undominated. It was measured three more times while
stitches from vectors to images were added: without them 4 of 5 seeds had an undominated child, in all 4 one that errs
less than the cheaper parent; with them at first 5, but only 2 with such a child, because pairs of a vector and an image
then outweighed pairs of images in matching (twice, by two weights). These figures are of the matching as it is now,
which does not prefer them.

- **Naive swap**: the same wiring with the stitches unfitted, channel i for channel i.
- **From scratch, for all compute**: the best child's architecture (lowest validation error) from new weights, for as many
  multiply-accumulates as both parents' training, the fit and the child's own training took together (a training step
  counts three forward passes; epochs rounded up).
- **From scratch, beyond parents**: for what the fit and the child's own training took: the parents were there already.

## By seed

Test errors in percent, and multiply-accumulates (MACs).

${table(
  [
    'seed',
    'A',
    'B',
    'average',
    'stitches',
    'children',
    'undominated',
    'of these erring less than the cheaper parent',
    'best child',
    'naive swap of it',
    'scratch, all compute',
    'scratch, beyond parents',
  ],
  seeds.map((seed) => {
    const { a, b, average, best, scratch } = seed;
    const both = (one: { readonly test: number; readonly macs: number }): string =>
      `${percent(one.test)} at ${millions(one.macs)}`;
    return [
      seed.seed,
      both(a),
      both(b),
      both(average),
      seed.stitches,
      seed.children.length,
      undominated(seed).length,
      between(seed).length,
      both(best),
      percent(best.naive),
      `${percent(scratch.total.test)} (${scratch.total.epochs} epochs)`,
      `${percent(scratch.beyondParents.test)} (${scratch.beyondParents.epochs} epochs)`,
    ];
  }),
)}

The naive swap of a child with one stitch errs by ${percent(median(all.filter(({ stitches }) => stitches === 1).map(({ naive }) => naive)))} % in the median, where its fitted stitch errs by
${percent(median(all.filter(({ stitches }) => stitches === 1).map(({ test }) => test)))} %. The best child beats its architecture trained from scratch in ${beaten('beyondParents')} of ${seeds.length} seeds
for the compute beyond the parents, and in ${beaten('total')} of ${seeds.length} for all compute: who has no parents yet and wants one network of that
size trains it instead.

## Every child

${table(
  [
    'seed',
    'MACs',
    'stitches',
    'trained',
    'validation error %',
    'test error %',
    'naive swap %',
    'dominated by',
    'dominates',
  ],
  seeds.flatMap(({ seed, children }) =>
    children.map((child) => [
      seed,
      millions(child.macs),
      child.stitches,
      child.tuned ? 'yes' : 'no',
      percent(child.validation),
      percent(child.test),
      percent(child.naive),
      child.dominatedBy.join(', ') || 'none',
      child.dominates.join(', ') || 'none',
    ]),
  ),
)}
`;
mkdirSync('docs/results', { recursive: true });
writeFileSync(
  'docs/results/stitching.md',
  await format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'always' }),
);
