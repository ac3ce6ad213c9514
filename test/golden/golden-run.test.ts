// Pins behaviour: a tiny run on the float64 reference, which does the same on every machine, has this history.
import { expect, test } from 'vitest';
import { evaluateCandidate, Evolution, inProcess, operatorLabel, parseConfig } from '../../population/index.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { bars, cnn, mlp, shape } from '../helpers/bars.ts';

test('seed 42', async () => {
  const settings = {
    seed: 42,
    generations: 2,
    populationSize: 4,
    children: 5,
    training: {
      firstEpochs: 12,
      childEpochs: 6,
      batchSize: 10,
      firstLearningRate: 0.03,
      childLearningRate: 0.02,
      fitSamples: 40,
    },
  };
  const first = [
    { name: 'mlp', network: mlp() },
    { name: 'cnn', network: cnn() },
  ];
  const evolution = new Evolution(parseConfig(settings), { shape, classes: 2 }, { first });
  const executor = inProcess(referenceEngine, { train: bars(40, 1), validation: bars(30, 2) });
  const history: string[] = [];
  while (!evolution.finished) {
    for (const candidate of evolution.ask()) {
      const { individual, macs } = evolution.tell(candidate, await evaluateCandidate(executor, candidate));
      const { provenance, objectives, id } = individual;
      history.push(
        `${id} ${operatorLabel(provenance)} (${provenance.parents.join()}) ${objectives[0]!.toFixed(4)} ${macs}`,
      );
    }
    const survivors = evolution.population().map(({ id }) => id);
    history.push(`survivors ${survivors.join()}`);
  }
  expect(history).toMatchInlineSnapshot(`
    [
      "r55psyci first: mlp () 0.2667 88",
      "iv28a9rr first: cnn () 0.2000 404",
      "survivors r55psyci,iv28a9rr",
      "ic6vxven split-neurons (r55psyci) 0.2667 110",
      "c958v3ha grow-kernel (iv28a9rr) 0.2000 684",
      "hxri8mzs widen-zero-fan-out (iv28a9rr) 0.1667 606",
      "4zikht36 insert-concat-branch (r55psyci) 0.2333 110",
      "42e4hwrn stitch (iv28a9rr,r55psyci) 0.3333 644",
      "survivors r55psyci,iv28a9rr,hxri8mzs,4zikht36",
      "fj2etc2i widen-pair (r55psyci) 0.2333 132",
      "gt9ysrsq grow-kernel (iv28a9rr) 0.1667 684",
      "szzvr4mt stitch (iv28a9rr,r55psyci) 0.3333 92",
      "es4kwe2j stitch (r55psyci,hxri8mzs) 0.2000 630",
      "hgyd7u5x stitch (iv28a9rr,r55psyci) 0.2333 256",
      "survivors r55psyci,iv28a9rr,hxri8mzs,4zikht36",
    ]
  `);
});
