// Builds a network layer by layer; shapes are checked as it grows.
import { expected, NeurostitchError } from '../errors.ts';
import { layerKind } from '../layers/registry.ts';
import type { RandomStream } from '../random/stream.ts';
import { freshId } from './edit.ts';
import type { Network, NetworkNode } from './network.ts';
import { atNode, layersOf } from './shapes.ts';
import type { Shape } from './tensor.ts';
import { requireInputs, requireSettings } from './validate.ts';

/**
 * A network under construction. Every layer's first weights come from a stream forked by the node's id, so adding a
 * layer does not change the weights of the others.
 *
 * @example
 * const net = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(1));
 * net.layer('conv2d', { channels: 8, kernel: 3 });
 * net.layer('activation', { function: 'relu' });
 * net.layer('flatten');
 * net.layer('dense', { units: 10 });
 * const network = net.build();
 */
export class NetworkBuilder {
  readonly #nodes: NetworkNode[] = [];
  readonly #ids = new Set<string>();
  readonly #rng: RandomStream;

  /**
   * `shape`: of one sample, [channels, height, width] or [features].
   *
   * Throws `bad-network` for sizes that are no whole numbers above 0.
   */
  constructor(shape: Shape, rng: RandomStream) {
    this.#rng = rng;
    this.layer('input', { shape }, []);
  }

  /** The id of the last node added. */
  get last(): string {
    return this.#nodes.at(-1)!.id;
  }

  /**
   * Adds a layer reading `inputs` (default: the last node) and returns its id. Nothing is added where it throws.
   *
   * Throws `bad-network`, naming the node, for an unknown kind, a second input, wrong options, and inputs that are too
   * few or many or do not fit.
   */
  layer(
    kindName: string,
    options: Readonly<Record<string, unknown>> = {},
    inputs: readonly string[] = [this.last],
  ): string {
    const kind = layerKind(kindName);
    const id = freshId(this.#ids, kindName);
    requireInputs({ id, kind: kindName, inputs }, this.#nodes.length);
    const parsed = kind.options.safeParse(options);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const at = [id, ...issue!.path].join('.');
      throw new NeurostitchError('bad-network', `${issue!.message} (at ${at})`, { path: at });
    }
    const shapes = layersOf({ nodes: this.#nodes });
    const inputShapes = inputs.map((input) => {
      const layer = shapes.get(input);
      if (!layer) throw expected('bad-network', `an id among ${[...this.#ids].join(', ')}`, input, id);
      return layer.output;
    });
    const made = atNode(id, () => {
      try {
        return kind.create(parsed.data, inputShapes, this.#rng.fork(id));
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        throw expected('bad-network', 'weights that fit into memory', cause);
      }
    });
    const node = { id, kind: kindName, inputs: [...inputs], ...made };
    requireSettings(node);
    layersOf({ nodes: [...this.#nodes, node] });
    this.#nodes.push(node);
    this.#ids.add(id);
    return id;
  }

  /** The network so far; its output is the last layer added. `validate` also checks that every layer is used. */
  build(): Network {
    return { nodes: [...this.#nodes] };
  }
}
