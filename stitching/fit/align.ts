// Gives the features and the target of each regression the same positions, by the layers that its stitch type names.
import { freshId } from '../../src/network/edit.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { stitchType } from '../stitch-types/registry.ts';
import type { PlainLayer } from '../stitch-types/stitch-type.ts';
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
  const behind = ({ network, node }: ParentNode, layer: PlainLayer | undefined): ParentNode => {
    if (!layer) return { network, node };
    const id = freshId(taken[network]!, `${node}.aligned`);
    taken[network]!.add(id);
    nodes[network].push({ id, ...layer, inputs: [node], params: {} });
    return { network, node: id };
  };
  const pairs = regressions.map(({ type: name, from, to }): NodePair => {
    const type = stitchType(name);
    return { from: behind(from, type.align?.(shapeOf(from), shapeOf(to))), to: behind(to, type.target?.layer) };
  });
  return { networks: [{ nodes: nodes[0] }, { nodes: nodes[1] }], pairs };
}
