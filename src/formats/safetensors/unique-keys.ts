// Finds keys that a JSON text gives twice in one object, of which JSON.parse would silently keep the last.

/** The first repeated key, or undefined. The text must be valid JSON. */
export function repeatedKey(json: string): string | undefined {
  /** The keys of each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const token = json[at]!;
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === '"') {
      const end = closingQuote(json, at);
      if (isFollowedByColon(json, end)) {
        const key = JSON.parse(json.slice(at, end + 1)) as string;
        if (open.at(-1)!.has(key)) return key;
        open.at(-1)!.add(key);
      }
      at = end;
    }
  }
  return undefined;
}

function closingQuote(json: string, opening: number): number {
  let at = opening + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

function isFollowedByColon(json: string, end: number): boolean {
  let at = end + 1;
  while (' \t\n\r'.includes(json[at]!)) at += 1;
  return json[at] === ':';
}
