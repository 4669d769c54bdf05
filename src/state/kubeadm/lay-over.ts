import { isFields } from './is-fields.ts';
import type { Fields } from './kubeadm-dialect.ts';
import { mergePatch } from './merge-patch.ts';

/**
 * `mergePatch` over what kubeadm wrote. kubeadm leaves out what says nothing, so a field of the patch
 * that is 0, false or empty, and does not stand there, is as good as there.
 */
export function layOver(present: Fields, patch: Fields): Fields {
  // Both are objects, and so is what becomes of them.
  return mergePatch(present, needed(present, patch)) as Fields;
}

function needed(present: Fields, patch: Fields): Fields {
  const entries = Object.entries(patch).flatMap(([key, value]) => {
    const before = present[key];
    if (before === undefined && saysNothing(value)) return [];
    if (!isFields(value)) return [[key, value] as const];
    const left = needed(isFields(before) ? before : {}, value);
    return before === undefined && saysNothing(left) ? [] : [[key, left] as const];
  });
  return Object.fromEntries(entries);
}

function saysNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === 0 || value === false || value === '';
}
