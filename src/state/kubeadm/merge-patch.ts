import { canonicalJson } from '../canonical-json.ts';
import { isFields } from './is-fields.ts';
import type { Fields } from './kubeadm-dialect.ts';

/**
 * Lays a patch over a generated document: objects merge key by key and `null` removes a key, as in
 * RFC 7386. Unlike there, lists of named things (`extraArgs`, `extraVolumes`) merge by `name`, where a
 * `value` of `null` removes the thing, and other lists get what the patch adds: so a patch never
 * silently drops what the cluster needs.
 */
export function mergePatch(generated: unknown, patch: unknown): unknown {
  if (Array.isArray(generated) && Array.isArray(patch)) return mergeLists(generated, patch);
  if (isFields(generated) && isFields(patch)) return mergeObjects(generated, patch);
  return Array.isArray(patch) ? patch.filter((item) => !isRemoval(item)) : patch;
}

function mergeObjects(generated: Fields, patch: Fields) {
  const merged = new Map(Object.entries(generated));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function mergeLists(generated: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  const merged = new Map(generated.map((item) => [identityOf(item), item]));
  for (const item of patch) {
    const identity = identityOf(item);
    if (isRemoval(item)) merged.delete(identity);
    else merged.set(identity, mergePatch(merged.get(identity), item));
  }
  return [...merged.values()];
}

/** A thing without a name is the one that says the same, so that to lay a patch again changes nothing. */
function identityOf(item: unknown): unknown {
  if (!isFields(item)) return item;
  return item['name'] ?? canonicalJson(item);
}

function isRemoval(item: unknown): boolean {
  return isFields(item) && item['name'] !== undefined && item['value'] === null;
}
