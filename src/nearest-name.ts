// Finds the name that was meant by one that is mistyped.

/**
 * The known name that is nearest to `word`, capitals aside, if at most a third of its letters have to be put right; of
 * names as near the first.
 */
export function nearestName(word: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  let [nearest, least]: [string | undefined, number] = [undefined, most + 1];
  for (const name of known) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < least) [nearest, least] = [name, distance];
  }
  return least < word.length ? nearest : undefined;
}

/**
 * Letters to insert, delete, replace or swap with their neighbour: the optimal string alignment distance (Boytsov 2011,
 * "Indexing methods for approximate dictionary searching", section 2.2).
 */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [row, above] = [[i], rows[i - 1]!];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, replaced, isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity);
    }
    rows.push(row);
  }
  return rows.at(-1)!.at(-1)!;
}
