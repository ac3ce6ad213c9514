// Gives the features and the target of each regression the same positions, by the layers that it names.
import { freshId } from '../../src/network/edit.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import type { PlainLayer } from '../stitch-types/stitch-type.ts';
import type { ParentNode, Regression } from '../stitch.ts';

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
  regressions: readonly Regression[],
): AlignedRegressions {
  const nodes: readonly [NetworkNode[], NetworkNode[]] = [[...networks[0].nodes], [...networks[1].nodes]];
  const taken = nodes.map((own) => new Set(own.map(({ id }) => id)));
  const behind = ({ network, node }: ParentNode, layer: PlainLayer | undefined): ParentNode => {
    if (!layer) return { network, node };
    const id = freshId(taken[network]!, `${node}.aligned`);
    taken[network]!.add(id);
    nodes[network].push({ id, ...layer, inputs: [node], params: {} });
    return { network, node: id };
  };
  const pairs = regressions.map(({ from, to, align, target }): NodePair => ({
    from: behind(from, align),
    to: behind(to, target),
  }));
  return { networks: [{ nodes: nodes[0] }, { nodes: nodes[1] }], pairs };
}
