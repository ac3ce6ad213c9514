// Shows a run's progress: a bar on a terminal, plain lines elsewhere.
import { operatorLabel, type EvolutionEvents } from '../population/index.ts';
import { evaluationCount } from '../report/evaluation-count.ts';
import { counted } from '../report/number-text.ts';
import { barOf } from './progress-bar.ts';
import { Standing } from './standing.ts';

export interface Progress {
  readonly events: EvolutionEvents;
  /** Ends the showing, also of what is yet to come. */
  stop(): void;
}

export function showProgress(style: 'bar' | 'lines' | 'none', stream: NodeJS.WriteStream = process.stderr): Progress {
  if (style === 'none') return { events: {}, stop: () => undefined };
  const run = new Standing();
  const say = (line: string): void => void stream.write(`${line}\n`);
  const opening: EvolutionEvents = {
    onLoad(data) {
      say(`Loading ${data}`);
    },
    onStart(start) {
      const { name, train, validation, test } = start.dataset;
      run.begin(start);
      say(`${name}: ${train} samples to train, ${validation} to select, ${test} to test`);
    },
    onResume(past) {
      const { individuals, generations } = past;
      for (const individual of individuals) run.see(individual);
      for (const generation of generations) run.close(generation);
      say(`Going on after ${counted(evaluationCount(past), 'evaluation')}`);
      if (generations[0]) say(run.scaleOf(generations[0]));
    },
  };
  const progress = style === 'bar' ? barOf(run, stream, say) : linesOf(run, say);
  return { ...progress, events: { ...opening, ...progress.events } };
}

function linesOf(run: Standing, say: (line: string) => void): Progress {
  return {
    events: {
      onAsk(generation) {
        // The first networks are there at once.
        if (generation > 0) say(`${run.phase(generation)}: making children`);
      },
      onEvaluate(generation, candidates) {
        say(`${run.phase(generation)}: ${candidates} networks`);
      },
      onIndividual(individual, { index, total }) {
        run.see(individual);
        const { generation, id, provenance, validation, failure, macs } = individual;
        const result = validation ? `error ${run.errorText(validation)}` : `failed: ${failure}`;
        say(`${run.phase(generation)}, ${index}/${total}: ${id} ${operatorLabel(provenance)}, ${result}, ${macs} MACs`);
      },
      onGeneration(ended) {
        const { generation, evaluations, front, hypervolume } = ended;
        const text = `front of ${front.length}, best ${run.title} ${run.best}, hypervolume ${hypervolume.toFixed(4)}`;
        say(`  ${evaluations} evaluated, ${text}`);
        if (generation === 0) say(run.scaleOf(ended));
      },
      onTest(members) {
        say(`Testing ${members} networks`);
      },
    },
    stop: () => undefined,
  };
}
