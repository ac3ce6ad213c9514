// Gives the features of each regression the positions of its target, by the layer that its stitch type names.
import { freshId } from '../../src/network/edit.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { stitchType } from '../stitch-types/registry.ts';
import type { ParentNode } from '../stitch.ts';

/** Two tensors, of which one is to foretell the other. */
export interface NodePair {
  readonly from: ParentNode;
  readonly to: ParentNode;
}

/** The two networks with the layers that align features behind them, and the regressions between aligned tensors. */
export interface AlignedRegressions {
  readonly networks: readonly [Network, Network];
  readonly pairs: readonly NodePair[];
}

/** Networks and pairs where every pair has the same positions: samples, or samples and pixels. */
export function alignRegressions(
  networks: readonly [Network, Network],
  regressions: readonly (NodePair & { readonly type: string })[],
): AlignedRegressions {
  const nodes: readonly [NetworkNode[], NetworkNode[]] = [[...networks[0].nodes], [...networks[1].nodes]];
  const taken = nodes.map((own) => new Set(own.map(({ id }) => id)));
  const shapeOf = ({ network, node }: ParentNode): readonly number[] => layersOf(networks[network]).get(node)!.output;
  const pairs = regressions.map(({ type, from, to }): NodePair => {
    const layer = stitchType(type).align?.(shapeOf(from), shapeOf(to));
    if (!layer) return { from, to };
    const id = freshId(taken[from.network]!, `${from.node}.aligned`);
    taken[from.network]!.add(id);
    nodes[from.network].push({ id, ...layer, inputs: [from.node], params: {} });
    return { from: { network: from.network, node: id }, to };
  });
  return { networks: [{ nodes: nodes[0] }, { nodes: nodes[1] }], pairs };
}
