// Plain text in aligned columns, for terminals.

/** A column's head, and the side on which its cells are flush. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** The heads and then a line for each row, two spaces apart, without a line break at the end. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, index) =>
          columns[index]!.align === 'left' ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Control characters in a name could move the cursor or colour the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
