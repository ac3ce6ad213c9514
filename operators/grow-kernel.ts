// Puts a convolution's kernel into a larger one whose new taps are zero; the pads grow with it.
import type { Pads } from '../src/layers/convolution-geometry.ts';
import type { KernelGrowth } from '../src/layers/layer-kind.ts';
import { layerKind } from '../src/layers/registry.ts';
import type { Attributes, Network, NetworkNode } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import type { Operator } from './operator.ts';
import { rebuildNodes } from './rebuild-nodes.ts';
import { refuse } from './refuse.ts';
import type { IndexMap } from './remap-tensor.ts';

/** Whose kernel grows, and by how much. */
export interface GrowKernelSite extends Attributes {
  readonly node: string;
  /** Taps added along the height: 0, 1 or 2. An odd one out goes to the bottom. */
  readonly height: number;
  /** Taps added along the width: 0, 1 or 2. An odd one out goes to the right. */
  readonly width: number;
}

const maxTaps = 2;

/**
 * Since pads are explicit, moving them by dilation * taps keeps every old tap on its pixel, whatever the stride: no
 * case of "same" padding is guessed.
 */
export const growKernel: Operator<GrowKernelSite> = {
  name: 'grow-kernel',
  preserves: 'bit',
  cost: 'more',
  summary: 'Embeds a convolution kernel in a larger one with zeros around it.',
  formula: "K' = K with zeros around it, pads grow by dilation * taps",
  conditions: 'a convolution, by one or two taps along each axis; not where new taps would read nothing but padding',
  source: 'Network Morphism (Wei et al. 2016, arXiv:1603.01670): kernel size morphing',

  sites: (network) =>
    network.nodes.flatMap((node) =>
      [1, 2]
        .map((taps) => ({ node: node.id, height: taps, width: taps }))
        .filter((site) => growth(network, node, tapsAround(site))),
    ),

  apply(parent, site) {
    const node = parent.network.nodes.find(({ id }) => id === site.node);
    if (!node) return refuse('no-such-node', 'the id of a node', site.node);
    if (!layerKind(node.kind).growKernel) return refuse('wrong-kind', 'a layer with a kernel', node.kind);
    const sizes = [site.height, site.width];
    if (!sizes.every((size) => Number.isInteger(size) && size >= 0 && size <= maxTaps) || Math.max(...sizes) === 0) {
      return refuse('bad-size', `0 to ${maxTaps} taps along each axis, and some at all`, sizes);
    }
    const taps = tapsAround(site);
    const grown = growth(parent.network, node, taps);
    if (!grown) return refuse('bad-size', 'new taps that read more than padding', sizes);
    const params = new Map(
      Object.entries(grown.axes).map(([name, [down, across]]) => {
        const { shape } = node.params[name]!;
        const maps = new Map([
          [down, embedded(shape[down]!, taps[0], taps[2])],
          [across, embedded(shape[across]!, taps[1], taps[3])],
        ]);
        return [name, { maps }] as const;
      }),
    );
    return { child: rebuildNodes(parent, new Map([[node.id, { attributes: grown.attributes, params }]])) };
  },
};

/** Top, left, bottom, right. */
function tapsAround({ height, width }: GrowKernelSite): Pads {
  const [top, left] = [Math.floor(height / 2), Math.floor(width / 2)];
  return [top, left, height - top, width - left];
}

function growth(network: Network, node: NetworkNode, taps: Pads): KernelGrowth | undefined {
  return layerKind(node.kind).growKernel?.(layersOf(network).get(node.id)!, taps);
}

function embedded(size: number, before: number, after: number): IndexMap {
  return Array.from({ length: before + size + after }, (_, i) =>
    i >= before && i < before + size ? i - before : undefined,
  );
}
