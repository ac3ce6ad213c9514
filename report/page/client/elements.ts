// Client script: makes elements; whatever comes from a run becomes a text node.

export const elementsScript = String.raw`
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function tableOf(label, heads, rows) {
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
          : element('td', { className: heads[column].className ?? '' }, cell),
      ),
    ),
  );
  const table = element('table', { ariaLabel: label }, element('thead', {}, head), element('tbody', {}, ...body));
  return element('div', { className: 'scroll', role: 'region', ariaLabel: label, tabIndex: 0 }, table);
}

function individualLink(place, text) {
  return element('a', { href: addressOf(place) }, element('code', {}, text ?? individuals[place].name));
}

// A link where the record knows the parent.
function parentLink(parent) {
  return typeof parent === 'number' ? individualLink(parent) : element('code', {}, parent);
}
`;
