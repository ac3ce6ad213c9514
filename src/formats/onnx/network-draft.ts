// Collects the layers of a network while a file is being translated.
import { expected, NeurostitchError } from '../../errors.ts';
import { layerKind } from '../../layers/registry.ts';
import type { LayerInstance } from '../../layers/layer-kind.ts';
import { pruneTo } from '../../network/edit.ts';
import type { Attributes, Network, NetworkNode, Params } from '../../network/network.ts';
import { sizeOf } from '../../network/tensor.ts';
import type { Budget } from './budget.ts';
import { nodeIds } from './node-ids.ts';

/** A layer of the network to be, under a provisional id. */
export interface DraftLayer {
  readonly node: NetworkNode;
  readonly instance: LayerInstance;
  /** The name of the ONNX operator it comes from. */
  readonly source: string;
}

export class NetworkDraft {
  readonly #layers = new Map<string, DraftLayer>();
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Adds a layer reading earlier ones by id. Throws `bad-network` where settings, parameters or inputs do not fit. */
  add(kindName: string, inputs: readonly string[], attributes: Attributes, params: Params, source: string): DraftLayer {
    const kind = layerKind(kindName);
    const parsed = kind.attributes.safeParse(attributes);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new NeurostitchError('bad-network', `${issue!.message} (${issue!.path.join('.')} of ${kindName})`);
    }
    for (const [name, { shape, data }] of Object.entries(params)) {
      if (data.length === 0) throw expected('bad-network', `values in ${name} of ${kindName}`, shape);
      this.#budget.spend(data.length);
    }
    const layer = { attributes: parsed.data, params, inputs: inputs.map((id) => this.layer(id).instance.output) };
    const instance = { ...layer, output: kind.outputShape(layer) };
    if (!Number.isSafeInteger(sizeOf(instance.output))) {
      throw expected('bad-network', `an output of ${kindName} that has a size`, instance.output);
    }
    const node = { id: String(this.#layers.size), kind: kindName, inputs, attributes: parsed.data, params };
    const drafted = { node, instance, source };
    this.#layers.set(node.id, drafted);
    return drafted;
  }

  layer(id: string): DraftLayer {
    return this.#layers.get(id)!;
  }

  /** The network that computes the layer `output`, with readable ids. */
  finish(output: string): Network {
    const { nodes } = pruneTo(
      [...this.#layers.values()].map(({ node }) => node),
      output,
    );
    const ids = nodeIds(nodes.map((node) => this.layer(node.id)));
    const renamed = (id: string): string => ids.get(id)!;
    return { nodes: nodes.map((node) => ({ ...node, id: renamed(node.id), inputs: node.inputs.map(renamed) })) };
  }
}
