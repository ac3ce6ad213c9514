// A network as boxes from left to right, joined as its layers read each other.
import { element } from './elements.ts';
import { run } from './run-data.ts';

/** Pixels: of a box, and from one to the next. */
const boxSize = { width: 104, height: 40 };
const boxStep = { x: 128, y: 56 };

interface Box {
  readonly row: number;
  readonly column: number;
  readonly lane: number;
}

/** `rows` are places among the layers; `change` tells what is different in the parent: 'new', or nothing. */
export function architectureDrawing(
  label: string,
  rows: readonly number[],
  change: (row: number) => string,
): HTMLElement {
  const { layers } = run.architectures;
  const boxes = new Map<string, Box>();
  const columns: number[] = [];
  for (const row of rows) {
    const [name, , reads] = layers[row]!;
    const column = Math.max(-1, ...reads.map((read) => boxes.get(read)?.column ?? -1)) + 1;
    columns[column] = (columns[column] ?? 0) + 1;
    boxes.set(name, { row, column, lane: columns[column] - 1 });
  }
  const lanes = Math.max(...columns);
  // What reads past a column goes around its boxes.
  const height = lanes * boxStep.y + 24;
  const centre = ({ column, lane }: Box): { x: number; y: number } => ({
    x: column * boxStep.x + boxSize.width / 2 + 4,
    y: (lane + (lanes - columns[column]!) / 2 + 0.5) * boxStep.y + 20,
  });
  const edge = (reader: Box, read: Box): string => {
    const [from, to] = [centre(read), centre(reader)];
    const [start, end] = [from.x + boxSize.width / 2, to.x - boxSize.width / 2];
    if (reader.column - read.column === 1) return `M${start} ${from.y}L${end} ${to.y}`;
    const over = Math.min(from.y, to.y) - boxStep.y / 2;
    const bend = boxStep.x / 4;
    const up = `C${start + bend} ${from.y} ${start} ${over} ${start + bend} ${over}`;
    const down = `C${end} ${over} ${end - bend} ${to.y} ${end} ${to.y}`;
    return `M${start} ${from.y}${up}L${end - bend} ${over}${down}`;
  };
  const edges = [...boxes.values()].flatMap((box) =>
    layers[box.row]![2].flatMap((name) => {
      const read = boxes.get(name);
      return read ? [svgElement('path', { d: edge(box, read) })] : [];
    }),
  );
  const drawn = [...boxes.values()].map((box) => {
    const { x, y } = centre(box);
    const [, kind, , output] = layers[box.row]!;
    const difference = change(box.row);
    return svgElement(
      'g',
      { class: difference === 'new' ? 'new' : difference === '' ? '' : 'changed' },
      svgElement('rect', { x: x - boxSize.width / 2, y: y - boxSize.height / 2, rx: 5, ...boxSize }),
      svgElement('text', { x, y: y - 4 }, kind),
      svgElement('text', { x, y: y + 13 }, output),
    );
  });
  const width = columns.length * boxStep.x - boxStep.x + boxSize.width + 8;
  const picture = svgElement(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    ...edges,
    ...drawn,
  );
  return element('div', { className: 'scroll drawing', role: 'region', ariaLabel: label, tabIndex: 0 }, picture);
}

function svgElement(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Node | string)[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}
