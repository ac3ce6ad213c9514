// Faults that somebody could make in stitching; the first seven are those of DESIGN section 12.
import type { Fault } from './operator-faults.ts';

export const stitchingFaults: readonly Fault[] = [
  {
    name: 'batch norm in train mode while stitches are fitted',
    file: 'src/engine/reference/reference-engine.ts',
    find: "batch.size, () => 'eval')",
    replace: "batch.size, () => (wanted ? 'train' : 'eval'))",
  },
  {
    name: 'batch norm in train mode while stitches are fine-tuned',
    file: 'stitching/fine-tune.ts',
    find: 'const trainable = new Set(activeStitches(supernetwork, genotype));',
    replace: `const norms = child.network.nodes.filter(({ params }) => 'gamma' in params).map(({ id }) => id);
  const trainable = new Set([...activeStitches(supernetwork, genotype), ...norms]);`,
  },
  {
    name: "a parent's buffer is written",
    file: 'stitching/join-parents.ts',
    find: '  const id = ids.get(node.id)!;',
    replace: `  for (const { data } of Object.values(node.params)) data[0] = data[0]! + 1e-3;
  const id = ids.get(node.id)!;`,
  },
  {
    name: 'the output is missing from the active variables',
    file: 'stitching/active-variables.ts',
    find: 'return { ...genotype, switches: genotype.switches.map(',
    replace: "return { output: 'a', switches: genotype.switches.map(",
  },
  {
    name: 'a crossing off by one',
    file: 'stitching/crossings.ts',
    find: 'other > one; other--',
    replace: 'other > one + 1; other--',
  },
  {
    name: 'dead nodes are left in a child',
    file: 'stitching/decode.ts',
    find: 'return pruneTo(resolved, outputs[genotype.output]);',
    replace: `const end = resolved.findIndex(({ id }) => id === outputs[genotype.output]);
  return { nodes: resolved.slice(0, end + 1) };`,
  },
  {
    name: 'the ridge holds back the bias',
    file: 'stitching/fit/ridge.ts',
    find: 'values.set(meanY, inputs * outputs);',
    replace: `values.set(
    meanY.map((mean) => mean / (1 + ridge)),
    inputs * outputs,
  );`,
  },
  {
    name: 'stitches read behind the switches',
    file: 'stitching/decode.ts',
    find: 'raw.has(node.id) || !node.inputs',
    replace: '!node.inputs',
  },
  {
    name: 'a crossing counts the shared front twice',
    file: 'stitching/crossing-parts.ts',
    find: 'known.set(id, together(number, read));\n    }\n    known.delete(replaced);',
    replace: 'known.set(id, together(stitched, read));\n    }\n    known.delete(replaced);',
  },
  {
    name: 'a cycle is cut in all places but one',
    file: 'stitching/matching/search.ts',
    find: 'of cutSets(problem, next.bound.chosen) ?? [])',
    replace: 'of (cutSets(problem, next.bound.chosen) ?? []).slice(1))',
  },
  {
    name: 'the ridge is chosen on the samples that were fitted',
    file: 'stitching/fit/choose-ridge.ts',
    find: 'squaredError(heldOut, coefficients)',
    replace: 'squaredError(used, coefficients)',
  },
  {
    name: 'the kernel of a 1x1 stitch is transposed',
    file: 'stitching/stitch-types/linear-params.ts',
    find: 'size.inputsFirst ? i * outputs + o : o * inputs + i',
    replace: 'i * outputs + o',
  },
  {
    name: 'workers are not told what aligns a stitch',
    file: 'stitching/fit/fit-plan.ts',
    find: '{ node: id, from, to, ...(align && { align }), ',
    replace: '{ node: id, from, to, ...(align && {}), ',
  },
  {
    name: "the features' means are not taken back",
    file: 'stitching/fit/centre.ts',
    find: 'bias -= from[i]! * values[i * outputs + k]!;',
    replace: 'bias -= 0 * values[i * outputs + k]!;',
  },
  {
    name: 'a search pays for one child twice',
    file: 'stitching/search/ledger.ts',
    find: 'genotypes.map((genotype) => canonicalGenotype(this.#supernetwork, genotype));',
    replace: '[...genotypes]; void canonicalGenotype;',
  },
  {
    name: 'the average leans towards parent a',
    file: 'stitching/supernetwork.ts',
    find: 'const weights = [0.5, 0.5];',
    replace: 'const weights = [0.6, 0.4];',
  },
  {
    name: 'fitted stitches are put into the wrong nodes',
    file: 'stitching/fit/fit-stitches.ts',
    find: 'const fit = fitWithBestRidge(used![i]!, heldOut![i]!',
    replace: 'const fit = fitWithBestRidge(used![regressions.length - 1 - i]!, heldOut![i]!',
  },
];
