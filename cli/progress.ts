// Shows a run's progress: bars on a terminal, plain lines elsewhere.
import { SingleBar } from 'cli-progress';
import { operatorLabel, type EvolutionEvents, type IndividualRecord } from '../population/index.ts';

export interface Progress {
  readonly events: EvolutionEvents;
  /** Leaves the terminal as it was. */
  stop(): void;
}

export function showProgress(style: 'bars' | 'lines' | 'none'): Progress {
  if (style === 'none') return { events: {}, stop: () => undefined };
  return style === 'bars' ? bars() : lines();
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** The lowest validation error so far, in words. */
class Best {
  #error = Infinity;

  see({ validation }: IndividualRecord): void {
    this.#error = Math.min(this.#error, validation?.error ?? Infinity);
  }

  toString(): string {
    return Number.isFinite(this.#error) ? percent(this.#error) : 'none yet';
  }
}

function phase(generation: number, generations: number): string {
  return generation === 0 ? 'Training the first population' : `Generation ${generation} of ${generations}`;
}

function lines(): Progress {
  const best = new Best();
  let generations = 0;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  return {
    events: {
      onStart({ config, dataset }) {
        ({ generations } = config);
        say(
          `${dataset.name}: ${dataset.train} samples to train, ${dataset.validation} to select, ${dataset.test} to test`,
        );
      },
      onIndividual(individual, { index, total }) {
        best.see(individual);
        const result = individual.validation
          ? `error ${percent(individual.validation.error)}`
          : `failed: ${individual.failure}`;
        const name = operatorLabel(individual.provenance);
        say(
          `${phase(individual.generation, generations)}, ${index}/${total}: ${individual.id} ${name}, ${result}, ${individual.macs} MACs`,
        );
      },
      onGeneration({ front, hypervolume }) {
        say(
          `  front of ${front.length}, best validation error ${best.toString()}, hypervolume ${hypervolume.toFixed(4)}`,
        );
      },
      onTest: (members) => {
        say(`Testing ${members} networks`);
      },
    },
    stop: () => undefined,
  };
}

function bars(): Progress {
  const best = new Best();
  let generations = 0;
  let front = 0;
  const bar = new SingleBar({
    format: '{phase} |{bar}| {value}/{total}  best error {best}  front {front}  {duration_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    stream: process.stderr,
    barsize: 14,
  });
  let running = false;
  return {
    events: {
      onStart({ config }) {
        ({ generations } = config);
        bar.start(1, 0, { phase: phase(0, generations), best: best.toString(), front });
        running = true;
      },
      onIndividual(individual, { index, total }) {
        best.see(individual);
        bar.setTotal(total);
        bar.update(index, { phase: phase(individual.generation, generations), best: best.toString(), front });
      },
      onGeneration(generation) {
        front = generation.front.length;
        bar.update({ front });
      },
      onTest: () => {
        bar.update({ phase: 'Testing the front' });
      },
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}
