import { z } from 'zod';
import { TerminalError } from '../errors.ts';
import { type Kind, kindSchemas, type Value } from './kinds.ts';

/** The log refuses larger entries; the largest of ours, a sealed handover, has half of it. */
export const MAX_ENTRY_BYTES = 512 * 1024;

/**
 * The text that is stored for a value. Throws TerminalError `store.invalid` for what could not be
 * read back, and `store.too-large`.
 */
export function entryText<K extends Kind>(kind: K, key: string, value: Value<K>): string {
  const parsed = kindSchemas[kind].safeParse(value);
  if (!parsed.success) {
    const fields = z.prettifyError(parsed.error).slice(0, 500);
    throw new TerminalError(
      'store.invalid',
      `The ${kind} ${key} can not be written (${fields}): report it, as civitas made it.`,
    );
  }
  const text = JSON.stringify(parsed.data);
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_ENTRY_BYTES) return text;
  const message = `The ${kind} ${key} has ${bytes} bytes, of which at most ${MAX_ENTRY_BYTES} can be written: report it.`;
  throw new TerminalError('store.too-large', message);
}
