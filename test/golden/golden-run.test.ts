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
      const individual = evolution.tell(candidate, await evaluateCandidate(executor, candidate));
      const { provenance, objectives, id, cost } = individual;
      history.push(
        `${id} ${provenance.how === 'control' ? '' : operatorLabel(provenance)} (${provenance.parents.join()}) ${objectives[0]!.toFixed(4)} ${cost.macs}`,
      );
    }
    const survivors = evolution.population().map(({ id }) => id);
    history.push(`survivors ${survivors.join()}`);
  }
  expect(history).toMatchInlineSnapshot(`
    [
      "r55psyci first: cnn () 0.2000 404",
      "iv28a9rr first: mlp () 0.2667 88",
      "survivors r55psyci,iv28a9rr",
      "ic6vxven mirror-pair-deepen (r55psyci) 0.1333 2004",
      "c958v3ha activation-to-acti-switch (r55psyci) 0.1667 484",
      "hxri8mzs stitch (iv28a9rr,r55psyci) 0.3333 644",
      "4zikht36 insert-concat-branch (iv28a9rr) 0.2333 208",
      "42e4hwrn mirror-pair-deepen (iv28a9rr) 0.2667 152",
      "survivors iv28a9rr,ic6vxven,c958v3ha,4zikht36",
      "fj2etc2i insert-identity-layer (ic6vxven) 0.0000 5044",
      "gt9ysrsq stitch (ic6vxven,iv28a9rr) 0.2667 532",
      "szzvr4mt stitch (iv28a9rr,c958v3ha) 0.3333 488",
      "es4kwe2j insert-concat-branch (iv28a9rr) 0.2333 94",
      "hgyd7u5x stitch (ic6vxven,iv28a9rr) 0.3333 92",
      "survivors iv28a9rr,ic6vxven,c958v3ha,fj2etc2i",
    ]
  `);
});
