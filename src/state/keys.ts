import { TerminalError } from '../errors.ts';
import { type Kind, kindSchemas } from './kinds.ts';

/** Entry keys are ids, names and times; nothing of ours comes near this. */
const MAX_KEY_LENGTH = 200;

/** Where an entry stands in the log's bucket: kind and key. */
export interface EntryAddress {
  readonly kind: Kind;
  readonly key: string;
}

/**
 * The bucket key of an entry: `<kind>.<key>`, where every byte of the key that NATS may read as
 * more than a letter stands as `=XX`. Throws TerminalError `store.bad-key` for an empty or
 * overlong key.
 */
export function entryPath(kind: Kind, key: string): string {
  if (key === '' || key.length > MAX_KEY_LENGTH) {
    const message = `The key of a ${kind} entry must have 1 to ${MAX_KEY_LENGTH} characters: report it.`;
    throw new TerminalError('store.bad-key', message);
  }
  return `${kind}.${encodeKey(key)}`;
}

/** The reverse; undefined for what no version of civitas that we know could have written. */
export function parseEntryPath(path: string): EntryAddress | undefined {
  const dot = path.indexOf('.');
  const kind = path.slice(0, dot);
  const key = decodeKey(path.slice(dot + 1));
  return isKind(kind) && key !== undefined ? { kind, key } : undefined;
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(kindSchemas, text);
}

function encodeKey(key: string): string {
  // encodeURIComponent leaves these as they are.
  const rest = /[.!~*'()]/g;
  const escaped = encodeURIComponent(key).replace(rest, (mark) => `%${hex(mark)}`);
  return escaped.replaceAll('%', '=');
}

function decodeKey(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+$/.test(text)) return undefined;
  try {
    return decodeURIComponent(text.replaceAll('=', '%'));
  } catch {
    return undefined; // bytes that are no UTF-8
  }
}

function hex(mark: string): string {
  return mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
