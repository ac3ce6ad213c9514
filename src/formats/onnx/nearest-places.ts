// Which pixels the nearest mode of our resize layer picks, along one axis.

/** For each of `to` pixels the one of `from` that its centre lies on, the later of two. */
export function nearestPlaces(from: number, to: number): number[] {
  return Array.from({ length: to }, (_, i) => Math.floor(((2 * i + 1) * from) / (2 * to)));
}
