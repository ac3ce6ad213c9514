// The editing kernel of all operators that resize tensors: weights and moments change together, the rest is shared.
import { replaceNodes } from '../src/network/edit.ts';
import type { Attributes, NetworkNode, Params } from '../src/network/network.ts';
import type { Moments, TrainedNetwork } from '../src/training/training-state.ts';
import { remapMoments, type AxisShares } from './remap-moments.ts';
import { remapTensor, type AxisMaps } from './remap-tensor.ts';

export interface ParamEdit {
  readonly maps: AxisMaps;
  /** Writes the fresh entries of the new values, which hold the old entries, and 0 elsewhere. */
  readonly start?: (values: Float32Array) => void;
  /** Where entries were replicated: what share of the old gradient each gets. */
  readonly shares?: AxisShares;
}

export interface NodeEdit {
  /** New settings (default: the old ones). */
  readonly attributes?: Attributes;
  /** Parameter name -> its edit; parameters that are not listed stay the same tensors. */
  readonly params: ReadonlyMap<string, ParamEdit>;
}

/** The child in which the nodes named by `edits` are rebuilt. The parent and its tensors stay as they are. */
export function rebuildNodes(parent: TrainedNetwork, edits: ReadonlyMap<string, NodeEdit>): TrainedNetwork {
  const nodes = new Map<string, NetworkNode>();
  const moments = { ...parent.state.moments };
  for (const node of parent.network.nodes) {
    const edit = edits.get(node.id);
    if (!edit) continue;
    nodes.set(node.id, { ...node, attributes: edit.attributes ?? node.attributes, params: rebuilt(node, edit) });
    const kept = moments[node.id];
    if (kept) moments[node.id] = rebuiltMoments(kept, node, edit);
  }
  return { network: replaceNodes(parent.network, nodes), state: { moments } };
}

function rebuilt(node: NetworkNode, { params }: NodeEdit): Params {
  const tensors = Object.entries(node.params).map(([name, old]) => {
    const edit = params.get(name);
    if (!edit) return [name, old] as const;
    const values = remapTensor(old, edit.maps);
    edit.start?.(values.data);
    return [name, values] as const;
  });
  return Object.fromEntries(tensors);
}

function rebuiltMoments(
  kept: Readonly<Record<string, Moments>>,
  node: NetworkNode,
  { params }: NodeEdit,
): Readonly<Record<string, Moments>> {
  const entries = Object.entries(kept).map(([name, old]) => {
    const edit = params.get(name);
    return [name, edit ? remapMoments(old, node.params[name]!, edit.maps, edit.shares) : old] as const;
  });
  return Object.fromEntries(entries);
}
