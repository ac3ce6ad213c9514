// Builds a network layer by layer; shapes are checked as it grows.
import { expected, NeurostitchError } from '../errors.ts';
import { layerKind } from '../layers/registry.ts';
import type { RandomStream } from '../random/stream.ts';
import { freshId } from './edit.ts';
import type { Network, NetworkNode } from './network.ts';
import { layersOf } from './shapes.ts';
import type { Shape } from './tensor.ts';

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
  readonly #nodes: NetworkNode[];
  readonly #ids = new Set<string>();
  readonly #rng: RandomStream;

  /** `shape`: of one sample, [channels, height, width] or [features]. */
  constructor(shape: Shape, rng: RandomStream) {
    this.#rng = rng;
    this.#nodes = [{ id: 'input', kind: 'input', inputs: [], attributes: { shape }, params: {} }];
    this.#ids.add('input');
  }

  /** The id of the last node added. */
  get last(): string {
    return this.#nodes.at(-1)!.id;
  }

  /**
   * Adds a layer reading `inputs` (default: the last node) and returns its id.
   *
   * Throws `bad-network` for an unknown kind, wrong options, or inputs that do not fit.
   */
  layer(
    kindName: string,
    options: Readonly<Record<string, unknown>> = {},
    inputs: readonly string[] = [this.last],
  ): string {
    const kind = layerKind(kindName);
    const id = freshId(this.#ids, kindName);
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
    const made = kind.create(parsed.data, inputShapes, this.#rng.fork(id));
    const node = { id, kind: kindName, inputs, ...made };
    layersOf({ nodes: [...this.#nodes, node] });
    this.#nodes.push(node);
    this.#ids.add(id);
    return id;
  }

  /** The finished network; its output is the last layer added. Check it with `validate`. */
  build(): Network {
    return { nodes: [...this.#nodes] };
  }
}
