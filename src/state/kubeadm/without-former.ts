import { isFields } from './is-fields.ts';
import type { Fields } from './kubeadm-dialect.ts';

/**
 * A document without what former patches laid into it and none of the layers of today lays: fields go
 * as a whole, lists lose the things of that name. What nobody laid stays.
 */
export function withoutFormer(
  document: Fields,
  former: readonly Fields[],
  layers: readonly Fields[],
): Fields {
  return former.reduce((left, patch) => without(left, patch, layers), document);
}

function without(document: Fields, patch: Fields, layers: readonly unknown[]): Fields {
  const entries = Object.entries(document).flatMap(([key, value]) => {
    if (!(key in patch)) return [[key, value] as const];
    const below = layers.flatMap((layer) => (isFields(layer) && key in layer ? [layer[key]] : []));
    const left = remainder(value, patch[key], below);
    return left === undefined ? [] : [[key, left] as const];
  });
  return Object.fromEntries(entries);
}

/** What is left of one field; undefined when all of it goes. */
function remainder(value: unknown, patch: unknown, layers: readonly unknown[]): unknown {
  if (isFields(value) && isFields(patch)) {
    const left = without(value, patch, layers);
    const isEmptied = Object.keys(left).length === 0 && Object.keys(value).length > 0;
    return isEmptied && layers.length === 0 ? undefined : left;
  }
  if (Array.isArray(value) && Array.isArray(patch)) return unlisted(value, patch, layers);
  return layers.length === 0 ? undefined : value;
}

function unlisted(list: readonly unknown[], patch: readonly unknown[], layers: readonly unknown[]) {
  const gone = new Set(patch.map(nameOf));
  const stays = new Set(layers.flatMap((layer) => (Array.isArray(layer) ? layer : [])).map(nameOf));
  const left = list.filter((item) => !gone.has(nameOf(item)) || stays.has(nameOf(item)));
  return left.length === 0 && layers.length === 0 ? undefined : left;
}

function nameOf(item: unknown): unknown {
  return isFields(item) ? (item['name'] ?? JSON.stringify(item)) : item;
}
