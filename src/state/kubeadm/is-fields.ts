import type { Fields } from './kubeadm-dialect.ts';

/** Whether a part of a document has fields: no list, no text, no number, not `null`. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
