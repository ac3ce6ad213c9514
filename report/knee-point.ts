// The knee of a front: where giving up a little of one objective stops buying much of the other.
import type { FrontMember } from '../population/run/run-record.ts';
import type { Objective } from './objectives.ts';
import { smallerIsBetter, type PlottedObjectives } from './plotted-objectives.ts';

/**
 * The member that lies furthest below the line between the two ends, in two objectives, each scaled to the front's range,
 * costs of the network by their logarithm; undefined where no member lies below it. Of equals the best in x.
 *
 * Source: Das 1999, "On characterizing the 'knee' of the Pareto curve
 * based on Normal-Boundary Intersection", section 3.
 */
export function kneePoint(front: readonly FrontMember[], [x, y]: PlottedObjectives): FrontMember | undefined {
  const places = front.map((member) => ({
    member,
    at: [coordinate(x, member), coordinate(y, member)] as const,
  }));
  // A run that optimises more has members that others dominate in these two.
  let least = Infinity;
  const falling = places
    .sort(({ at: a }, { at: b }) => a[0] - b[0] || a[1] - b[1])
    .filter(({ at }) => {
      const better = at[1] < least;
      if (better) least = at[1];
      return better;
    });
  const ends = [falling[0], falling.at(-1)];
  if (!ends[0] || !ends[1]) return undefined;
  const [[left, top], [right, bottom]] = [ends[0].at, ends[1].at];
  // How far below the line, up to a factor that all share.
  const depthOf = ([across, up]: Place): number =>
    1 - (across - left) / (right - left) - (up - bottom) / (top - bottom);
  let knee: FrontMember | undefined;
  let deepest = 1e-9;
  for (const { member, at } of falling.slice(1, -1)) {
    const depth = depthOf(at);
    if (depth > deepest) [knee, deepest] = [member, depth];
  }
  return knee;
}

type Place = readonly [number, number];

function coordinate(objective: Objective, member: FrontMember): number {
  const value = smallerIsBetter(objective, member);
  return objective.scale === 'log' ? Math.log(Math.max(value, 1)) : value;
}
