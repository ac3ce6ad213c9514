// Makes elements; whatever comes from a run becomes a text node.
import { addressOf } from './choice.ts';
import { individuals } from './run-data.ts';

export type Child = Node | string;

export interface Head {
  readonly title: string;
  readonly className?: string;
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Of the page; undefined where it is not there. */
export function found<T extends HTMLElement = HTMLElement>(id: string): T | undefined {
  return (document.getElementById(id) ?? undefined) as T | undefined;
}

export function tableOf(label: string, heads: readonly Head[], rows: readonly (readonly Child[])[]): HTMLElement {
  const head = element(
    'tr',
    {},
    ...heads.map(({ title, className }) => element('th', { scope: 'col', className: className ?? '' }, title)),
  );
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      ...cells.map((cell, column) =>
        column === 0
          ? element('th', { scope: 'row' }, cell)
          : element('td', { className: heads[column]!.className ?? '' }, cell),
      ),
    ),
  );
  const table = element('table', { ariaLabel: label }, element('thead', {}, head), element('tbody', {}, ...body));
  return element('div', { className: 'scroll', role: 'region', ariaLabel: label, tabIndex: 0 }, table);
}

export function individualLink(place: number): HTMLElement {
  return element('a', { href: addressOf(place) }, element('code', {}, individuals[place]!.name));
}

/** A link where the record knows the parent. */
export function parentLink(parent: number | string): HTMLElement {
  return typeof parent === 'number' ? individualLink(parent) : element('code', {}, parent);
}
