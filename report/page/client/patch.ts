// Makes what is on the page equal to what it should be, and leaves alone what is so already: focus, scroll, text that is
// selected and what was folded out all stay.

/** Attributes are set and never taken away: the reader's and the script's own stay. */
export function patch(old: Element, fresh: Element): void {
  for (const { name, value } of fresh.attributes)
    if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  // What the script fills is none of the page's.
  if (!old.hasAttribute('data-filled')) patchChildren(old, fresh);
}

/** Takes the children of `fresh` away. Elements with an `id` or a `data-key` are found again by it, others by order. */
export function patchChildren(old: Element, fresh: Element): void {
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf));
  for (const child of [...old.childNodes]) if (keyOf(child) !== undefined && !keys.has(keyOf(child))) child.remove();
  const known = new Map([...old.childNodes].map((child) => [keyOf(child), child]));
  let next = old.firstChild;
  for (const child of wanted) {
    const key = keyOf(child);
    const same = key === undefined ? (next && isAlike(next, child) ? next : undefined) : known.get(key);
    if (same === undefined) {
      old.insertBefore(child, next);
      continue;
    }
    if (same === next) next = next.nextSibling;
    else old.insertBefore(same, next);
    if (same instanceof Element && child instanceof Element) patch(same, child);
    else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
  }
  while (next) {
    const after = next.nextSibling;
    next.remove();
    next = after;
  }
}

function keyOf(node: Node): string | undefined {
  return node instanceof Element ? (node.getAttribute('data-key') ?? node.getAttribute('id') ?? undefined) : undefined;
}

function isAlike(a: Node, b: Node): boolean {
  return keyOf(a) === undefined && a.nodeName === b.nodeName;
}
