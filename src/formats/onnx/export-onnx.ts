// Writes a network as an ONNX file that any ONNX runtime can run.
import type { Network } from '../../network/network.ts';
import { inputNode, outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import { constantParams, emitForward } from '../../engine/onnx/emit-network.ts';
import { OnnxGraph } from '../../engine/onnx/onnx-graph.ts';

/** The bytes of the file: input "input" [batch, ...shape], output "output" [batch, ...shape], in eval mode. */
export function exportOnnx(network: Network): Uint8Array {
  const layers = layersOf(network);
  const graph = new OnnxGraph();
  const input = graph.input('input', ['batch', ...layers.get(inputNode(network).id)!.output]);
  const params = constantParams(graph);
  const emitted = emitForward(network, { graph, input, params, batch: undefined, mode: () => 'eval' });
  const { id } = outputNode(network);
  graph.output('output', emitted.get(id)!.output, ['batch', ...layers.get(id)!.output]);
  return graph.encode();
}
