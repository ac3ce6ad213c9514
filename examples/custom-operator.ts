// Brings an operator of one's own: dropout before a dense layer. The loop is not touched; the journal names the operator.
import { evolve, operators, type Operator } from 'neurostitch';

const out = process.env.NEUROSTITCH_EXAMPLE_OUT ?? `runs/custom-operator-${Date.now()}`;
const generations = Number(process.env.NEUROSTITCH_EXAMPLE_GENERATIONS ?? 4);

/** In eval mode dropout passes everything on, so the child computes its parent's bits; in training it regularises. */
const insertDropout: Operator = {
  name: 'insert-dropout',
  preserves: 'bit',
  evalOnly: true,
  cost: 'same',
  summary: 'Puts dropout with a rate of 0.2 before a dense layer.',
  source: 'Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"',
  sites({ nodes }) {
    const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
    return nodes
      .filter(({ kind, inputs }) => kind === 'dense' && kindOf.get(inputs[0]!) !== 'dropout')
      .map(({ id }) => ({ node: id }));
  },
  apply({ network, state }, site) {
    const at = network.nodes.findIndex(({ id }) => id === site.node);
    const dense = network.nodes[at];
    if (dense?.kind !== 'dense')
      return { refusal: { reason: 'wrong-kind', message: `Expected a dense layer, got "${String(site.node)}"` } };
    let id = `${dense.id}-dropout`;
    while (network.nodes.some((node) => node.id === id)) id += '+';
    const dropout = {
      id,
      kind: 'dropout',
      inputs: dense.inputs,
      attributes: { rate: 0.2 },
      params: {},
    };
    // Tensors are shared with the parent, never written to; the optimiser's state stays with the nodes' ids.
    const nodes = network.nodes.toSpliced(at, 1, dropout, { ...dense, inputs: [id] });
    return { child: { network: { nodes }, state } };
  },
};

const run = await evolve(
  { data: 'digits', seed: 1, generations, children: 8 },
  { out, operators: [insertDropout, ...operators.slice(0, 3)] },
);
const children = run.record.individuals.filter(
  ({ provenance }) => provenance.how === 'mutation' && provenance.operator === insertDropout.name,
);
console.log(`${children.length} of ${run.record.individuals.length} networks were made by ${insertDropout.name}.`);
