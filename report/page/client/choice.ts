// The individual that the reader chose is in the page's address, so that it can be linked to and gone back from.
import { individuals, bestFirst, run } from './run-data.ts';

/** `asked`: the reader has named it, with a click or with the address. */
type Watcher = (place: number, asked: boolean) => void;

const watchers: Watcher[] = [];

export function addressOf(place: number): string {
  return `#individual-${encodeURIComponent(individuals[place]!.id)}`;
}

/** At first the knee, or else what is best in what is plotted. */
export function chosenPlace(): number {
  const named = individuals.findIndex(({ place }) => addressOf(place) === location.hash);
  return named >= 0 ? named : (run.knee ?? bestFirst(run.front)[0]!);
}

export function choose(place: number): void {
  if (location.hash === addressOf(place)) tellChoice();
  else location.hash = addressOf(place);
}

export function watchChoice(watcher: Watcher): void {
  watchers.push(watcher);
  watcher(chosenPlace(), location.hash === addressOf(chosenPlace()));
}

function tellChoice(): void {
  for (const watcher of watchers) watcher(chosenPlace(), true);
}

addEventListener('hashchange', tellChoice);
