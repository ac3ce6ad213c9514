// How the report writes numbers, counts and times: the same on every machine, whatever its locale.

const magnitudes = ['', 'k', 'M', 'G', 'T', 'P'];

/** Three significant digits with a magnitude: 950, 12.3k, 1.4M. */
export function compactCount(count: number): string {
  if (!Number.isFinite(count)) return String(count);
  let value = count;
  let magnitude = 0;
  // 999.5 and above would be rounded to 1000: that is 1 of the next magnitude.
  while (Math.abs(value) >= 999.5 && magnitude < magnitudes.length - 1) {
    value /= 1000;
    magnitude++;
  }
  return `${Number(value.toPrecision(3))}${magnitudes[magnitude]}`;
}

/** All digits, thousands apart by commas: 12,345. */
export function groupedCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A share of 1 as a number of percent with two decimals, without the sign: 0.0213 -> "2.13". */
export function percentNumber(share: number): string {
  return (100 * share).toFixed(2);
}

/** As `percentNumber`, with the sign, which a line break cannot part from it: 0.0213 -> "2.13 %". */
export function percent(share: number): string {
  return `${percentNumber(share)}\u00a0%`;
}

/** Milliseconds since 1970 as "2026-11-21 14:03:09 UTC". */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A span of milliseconds in its two largest units: "850 ms", "42 s", "3 min 12 s", "2 h 5 min". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "1 network", "2 networks". */
export function counted(count: number, noun: string): string {
  return `${groupedCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}
