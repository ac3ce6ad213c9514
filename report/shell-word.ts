// Writes a text so that a shell reads it as one word.

/** In single quotes where it has more than what a path commonly has. */
export function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
