// The slider that asks what is best for so much of a cost.
import type { PageObjective } from '../page-data.ts';
import { found, individualLink } from './elements.ts';
import { bestFirst, individuals, numberText, objective, placeOn, run, valueText, watchRun } from './run-data.ts';

/** So much of the cost `key`, and the place of who is best for no more. */
export interface Budget {
  readonly key: string;
  readonly most: number;
  readonly best: number;
}

/** `watcher` is told of the budget once the reader has set one, and whenever another is best then. */
export function watchBudget(watcher: (budget: Budget | undefined) => void): void {
  const slider = found<HTMLInputElement>('budget')!;
  const output = found('budget-best')!;
  const cost = (): PageObjective => objective(slider.dataset.cost!);
  const costOf = (place: number): number => placeOn(cost(), cost().values[place]!);
  let set: number | undefined;

  /** Of all that keep the constraints those that no other beats in cost and plot, cheapest first: the front of a run may lack some. */
  function byCost(): readonly number[] {
    return run.charts.front!.views[`${cost().key} ${run.plotted.y}`]!.front;
  }

  function show(most: number): Budget {
    const within = byCost().filter((place) => cost().values[place]! <= most);
    const best = bestFirst(within.length > 0 ? within : byCost().slice(0, 1))[0]!;
    const [amount, paid] = [numberText(cost(), most), valueText(cost(), best)].map((text) =>
      cost().unit === '' ? `${text} ${cost().words}` : text,
    );
    const value = valueText(objective(run.plotted.y), best);
    slider.ariaValueText = `${amount!}: ${individuals[best]!.name}, ${value}`;
    output.replaceChildren(
      `Best under ${amount!}: `,
      individualLink(best),
      `, ${objective(run.plotted.y).words} ${value}, ${paid!}.`,
    );
    return { key: cost().key, most, best };
  }

  function update(): void {
    const [lowest, highest] = ends();
    slider.closest<HTMLElement>('.controls')!.hidden = lowest === highest;
    if (lowest === highest) {
      watcher(undefined);
      return;
    }
    // Until the reader sets it, it follows the knee, which its own cost must pay for.
    const wanted = set ?? costOf(run.knee ?? byCost().at(-1)!);
    slider.value = String(Math.ceil(Number(slider.max) * shareAt(Math.max(wanted, lowest))));
    const budget = show(set ?? amountSet());
    if (set !== undefined) watcher(budget);
  }

  /** Of what can be asked for. */
  function ends(): [number, number] {
    const front = byCost();
    return [costOf(front[0]!), costOf(front.at(-1)!)];
  }

  /** Where on the slider, 0..1: it goes as the axis does. */
  function shareAt(amount: number): number {
    const [lowest, highest] = ends();
    return cost().scale === 'log'
      ? Math.log(amount / lowest) / Math.log(highest / lowest)
      : (amount - lowest) / (highest - lowest);
  }

  /** Rounded up to three digits: of the slider's place at an individual, that individual is within. */
  function amountSet(): number {
    const [lowest, highest] = ends();
    const share = Number(slider.value) / Number(slider.max);
    const exact = cost().scale === 'log' ? lowest * (highest / lowest) ** share : lowest + (highest - lowest) * share;
    const unit = 10 ** Math.max(Math.floor(Math.log10(Math.abs(exact))) - 2, -cost().decimals);
    return Math.min(Math.ceil(exact / unit) * unit, highest);
  }

  update();
  watchRun(update);
  slider.addEventListener('input', () => {
    set = amountSet();
    watcher(show(set));
  });
}
