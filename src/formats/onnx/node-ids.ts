// Readable ids for imported layers, from the names that the exporting tool gave its operators.
import { freshId } from '../../network/edit.ts';
import type { DraftLayer } from './network-draft.ts';

/** Provisional id -> final id: unique, taken from the operator's name where that is short and clean, else the kind. */
export function nodeIds(layers: readonly DraftLayer[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    layers.map(({ node, source }) => {
      const id = freshId(taken, readableName(source) ?? node.kind);
      taken.add(id);
      return [node.id, id];
    }),
  );
}

/**
 * The module path in a name like PyTorch's `/layer1/layer1.0/conv1/Conv`: here `layer1.0.conv1`. Undefined for names
 * that only count operators (`Conv_7`), and for long or odd ones.
 */
function readableName(source: string): string | undefined {
  const path = source.split('/').filter((part) => part !== '');
  // The last part is the operator's type in PyTorch's names, with a count where a module uses it several times.
  const modules = /^[A-Z][A-Za-z]*(_\d+)?$/.test(path.at(-1) ?? '') ? path.slice(0, -1) : path;
  // PyTorch names items of a list by the list's name and their place, after the list's own name: layer1/layer1.0.
  const own = modules.filter((part, index) => modules[index + 1]?.startsWith(`${part}.`) !== true);
  const name = own.join('.');
  return /^[A-Za-z][A-Za-z0-9_.-]{0,31}$/.test(name) ? name : undefined;
}
