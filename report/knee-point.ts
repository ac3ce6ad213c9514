// The knee of a front: where giving up a little of one objective stops buying much of the other.
import type { FrontMember } from '../population/run/run-record.ts';

/**
 * The member that lies furthest below the line between the two ends, in error and the logarithm of MACs, each scaled to
 * the front's range; undefined where no member lies below it. Of equals the one with fewer MACs.
 *
 * `front` by rising MACs, as `frontOf` gives it. Source: Das 1999, "On characterizing the 'knee' of the Pareto curve
 * based on Normal-Boundary Intersection", section 3.
 */
export function kneePoint(front: readonly FrontMember[]): FrontMember | undefined {
  const ends = [front[0], front.at(-1)].map((member) => member && coordinates(member));
  if (!ends[0] || !ends[1]) return undefined;
  const [[left, top], [right, bottom]] = [ends[0], ends[1]];
  // How far below the line, up to a factor that all share.
  const depthOf = (member: FrontMember): number => {
    const [x, y] = coordinates(member);
    return 1 - (x - left) / (right - left) - (y - bottom) / (top - bottom);
  };
  let knee: FrontMember | undefined;
  let deepest = 1e-9;
  for (const member of front.slice(1, -1)) {
    const depth = depthOf(member);
    if (depth > deepest) [knee, deepest] = [member, depth];
  }
  return knee;
}

function coordinates({ objectives }: FrontMember): [number, number] {
  return [Math.log(Math.max(objectives.macs, 1)), objectives.error];
}
