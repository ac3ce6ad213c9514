// Shows a run's progress: a bar on a terminal, plain lines elsewhere.
import { SingleBar } from 'cli-progress';
import { operatorLabel, type EvolutionEvents, type IndividualRecord } from '../population/index.ts';

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
    onStart({ config, dataset: { name, train, validation, test } }) {
      run.generations = config.generations;
      run.children = config.children;
      say(`${name}: ${train} samples to train, ${validation} to select, ${test} to test`);
    },
    onResume({ individuals }) {
      for (const individual of individuals) run.see(individual);
      say(`Going on after ${individuals.length} evaluations`);
    },
  };
  const progress = style === 'bar' ? barOf(run, stream) : linesOf(run, say);
  return { ...progress, events: { ...opening, ...progress.events } };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** How far the run has come, in words. */
class Standing {
  generations = 0;
  /** Children wanted of each generation. */
  children = 0;
  #leastError = Infinity;

  see({ validation }: IndividualRecord): void {
    this.#leastError = Math.min(this.#leastError, validation?.error ?? Infinity);
  }

  /** The lowest validation error so far. */
  get best(): string {
    return Number.isFinite(this.#leastError) ? percent(this.#leastError) : 'none yet';
  }

  phase(generation: number): string {
    return generation === 0 ? 'Training the first population' : `Generation ${generation} of ${this.generations}`;
  }
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
        const result = validation ? `error ${percent(validation.error)}` : `failed: ${failure}`;
        say(`${run.phase(generation)}, ${index}/${total}: ${id} ${operatorLabel(provenance)}, ${result}, ${macs} MACs`);
      },
      onGeneration({ front, hypervolume }) {
        say(`  front of ${front.length}, best validation error ${run.best}, hypervolume ${hypervolume.toFixed(4)}`);
      },
      onTest(members) {
        say(`Testing ${members} networks`);
      },
    },
    stop: () => undefined,
  };
}

function barOf(run: Standing, stream: NodeJS.WriteStream): Progress {
  // The cursor stays visible: whatever ends the process then leaves a terminal that can be worked in.
  const bar = new SingleBar({
    format: '{phase} |{bar}| {value}/{total}  best error {best}  front {front}  {duration_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    gracefulExit: false,
    stream,
    barsize: 14,
  });
  let front = 0;
  let ended = false;
  const show = (phase: string, done: number, total: number): void => {
    if (ended) return;
    const texts = { phase, best: run.best, front };
    if (!bar.isActive) bar.start(total, done, texts);
    bar.setTotal(total);
    bar.update(done, texts);
  };
  return {
    events: {
      onAsk(generation) {
        if (generation > 0) show(`${run.phase(generation)}: making children`, 0, run.children);
      },
      onEvaluate(generation, candidates) {
        show(run.phase(generation), 0, candidates);
      },
      onIndividual(individual, { index, total }) {
        run.see(individual);
        show(run.phase(individual.generation), index, total);
      },
      onGeneration(generation) {
        front = generation.front.length;
        bar.update({ front });
      },
      onTest(members) {
        show(`Testing ${members} networks`, members, members);
      },
    },
    stop() {
      bar.stop();
      ended = true;
    },
  };
}
