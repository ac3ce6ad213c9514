// Writes a network as an ONNX file that any ONNX runtime can run.
import { constantParams } from '../../engine/onnx/emit-network.ts';
import { OnnxGraph, type OnnxValue } from '../../engine/onnx/onnx-graph.ts';
import { layerKind } from '../../layers/registry.ts';
import type { Network } from '../../network/network.ts';
import { inputNode, outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import { fileForms } from './file-forms.ts';

/** The bytes of the file: input "input" [batch, ...shape], output "output" [batch, ...shape], in eval mode. */
export function exportOnnx(network: Network): Uint8Array {
  const layers = layersOf(network);
  const graph = new OnnxGraph();
  const first = inputNode(network).id;
  const input = graph.input('input', ['batch', ...layers.get(first)!.output]);
  const paramsOf = constantParams(graph);
  const values = new Map<string, OnnxValue>([[first, input]]);
  for (const node of network.nodes.slice(1)) {
    const layer = layers.get(node.id)!;
    const inputs = node.inputs.map((id) => values.get(id)!);
    const form = fileForms.get(node.kind);
    const params = paramsOf(node);
    const value =
      form?.({ graph, layer, params, inputs }) ??
      layerKind(node.kind).onnx.forward({ graph, layer, params, inputs, batch: undefined, mode: 'eval' }).output;
    values.set(node.id, value);
  }
  const { id } = outputNode(network);
  graph.output('output', values.get(id)!, ['batch', ...layers.get(id)!.output]);
  return graph.encode();
}
