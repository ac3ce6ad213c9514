// A run's progress on one line of a terminal, however narrow that is.
import { SingleBar } from 'cli-progress';
import type { Progress } from './progress.ts';
import type { Standing } from './standing.ts';

/** Draws on `stream`, a terminal; `say` writes a line there. */
export function barOf(run: Standing, stream: NodeJS.WriteStream, say: (line: string) => void): Progress {
  // The cursor stays visible: whatever ends the process then leaves a terminal that can be worked in.
  const bar = new SingleBar({
    format: (_options, { value, total, maxWidth }, { phase }: { readonly phase: string }) =>
      barLine(run, { phase, value, total }, maxWidth),
    gracefulExit: false,
    stream,
  });
  let ended = false;
  const show = (phase: string, done: number, total: number): void => {
    if (ended) return;
    if (!bar.isActive) bar.start(total, done, { phase });
    bar.setTotal(total);
    bar.update(done, { phase });
  };
  return {
    events: {
      onAsk(generation) {
        run.ask(generation);
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
        run.close(generation);
        if (generation.generation > 0 || ended) return;
        // What is said must not stand in the bar's line; the bar goes on below it.
        bar.stop();
        say(run.scaleOf(generation));
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

/** What is going on, and how much of it is done. */
interface Step {
  readonly phase: string;
  readonly value: number;
  readonly total: number;
}

/** A line of at most `width` characters: a bar where there is room for one, and what matters least left out first. */
function barLine(run: Standing, { phase, value, total }: Step, width: number): string {
  const { last, secondsLeft } = run;
  const facts = [
    { text: `evals ${run.evaluations}`, rank: 3 },
    ...(last ? [{ text: `front ${last.front.length}`, rank: 2 }] : []),
    { text: `best ${run.best}`, rank: 0 },
    ...(last ? [{ text: `HV ${last.hypervolume.toFixed(4)}`, rank: 4 }] : []),
    ...(secondsLeft === undefined ? [] : [{ text: `ETA ${clock(secondsLeft)}`, rank: 1 }]),
  ];
  const lineOf = (most: number): string =>
    [`${value}/${total}`, ...facts.filter(({ rank }) => rank < most).map(({ text }) => text)].join('  ');
  const room = width - phase.length - 2;
  const texts = [5, 4, 3, 2, 1, 0].map(lineOf);
  const text = texts.find((line) => line.length <= room) ?? texts.at(-1)!;
  const cells = Math.min(room - text.length - 3, 20);
  const done = total === 0 ? cells : Math.round((cells * value) / total);
  const gauge = cells < 5 ? '' : ` |${'█'.repeat(done)}${'░'.repeat(cells - done)}|`;
  return `${phase}${gauge} ${text}`;
}

/** Hours only where there are any: 1:02:03, or 2:03. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const ending = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${ending}` : `${minutes}:${ending}`;
}
