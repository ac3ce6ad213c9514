// Which two objectives a run's plot shows at first, and who is best in what such a plot is read for.
import { optimised, type FrontMember, type RunRecord } from '../population/run/run-record.ts';
import { objectivesOf, type Objective } from './objectives.ts';

/** What it costs, and what is had for that. */
export type PlottedObjectives = readonly [x: Objective, y: Objective];

/** The first two that the run optimises, a cost of the network as x; of one that is no cost: it against MACs. */
export function plottedObjectives(record: Pick<RunRecord, 'start' | 'individuals'>): PlottedObjectives {
  const objectives = new Map(objectivesOf(record).map((objective) => [objective.key, objective]));
  const [first, second] = optimised(record.start).map(({ name }) => objectives.get(name)!);
  if (second === undefined)
    return [objectives.get('macs')!, objectives.get(first!.key === 'macs' ? 'error' : first!.key)!];
  return first!.scale === 'log' && second.scale === 'value' ? [first!, second] : [second, first!];
}

/** A member's value of an objective that the run optimises, so that less is better. */
export function smallerIsBetter({ key, maximise }: Objective, { objectives }: FrontMember): number {
  return maximise ? -objectives[key]! : objectives[key]!;
}

/** Undefined for an empty front; of equals the first. */
export function bestOf(front: readonly FrontMember[], objective: Objective): FrontMember | undefined {
  return front.toSorted((a, b) => smallerIsBetter(objective, a) - smallerIsBetter(objective, b))[0];
}
