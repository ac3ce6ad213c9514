// Readable ids for imported layers, from the names that the exporting tool gave its operators.
import type { DraftLayer } from './network-draft.ts';

/**
 * Provisional id -> final id: unique, the module's name where that is short and clean, else the kind. Further layers of
 * one module have the kind behind its name.
 */
export function nodeIds(layers: readonly DraftLayer[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return new Map(
    layers.map(({ node, source }) => {
      const name = readableName(source);
      const stem = name === undefined ? node.kind : taken.has(name) ? `${name}.${node.kind}` : name;
      let id = stem;
      while (taken.has(id)) {
        // Goes on from the last count, so that a file of many equal names takes no longer than others.
        const count = (counts.get(stem) ?? 1) + 1;
        counts.set(stem, count);
        id = `${stem}_${count}`;
      }
      taken.add(id);
      return [node.id, id];
    }),
  );
}

/**
 * The module path in a name like PyTorch's `/layer1/layer1.0/conv1/Conv`: here `layer1.0.conv1`. Undefined for names
 * that only count operators (`Conv_7`), and for long or odd ones (of a long path the last module's name is taken).
 */
function readableName(source: string): string | undefined {
  const path = source.split('/').filter((part) => part !== '');
  // The last part is the operator's type in PyTorch's names, with a count where a module uses it several times.
  const modules = /^[A-Z][A-Za-z0-9]*(_\d+)?$/.test(path.at(-1) ?? '') ? path.slice(0, -1) : path;
  // PyTorch names items of a list by the list's name and their place, after the list's own name: layer1/layer1.0.
  const own = modules.filter((part, index) => modules[index + 1]?.startsWith(`${part}.`) !== true);
  return [own.join('.'), own.at(-1) ?? ''].find((name) => /^[A-Za-z][A-Za-z0-9_.-]{0,31}$/.test(name));
}
