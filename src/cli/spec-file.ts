import { parse } from 'yaml';
import { TerminalError } from '../errors.ts';
import { readText } from './read-text.ts';

/** Far above what a Cluster document needs, and far below what would keep the parser busy. */
const MAX_BYTES = 262_144;
/** A few hundred bytes of YAML aliases can stand for gigabytes. */
const MAX_ALIASES = 100;

type Fields = Readonly<Record<string, unknown>>;

/** A Cluster document as somebody wrote it; its fields are not checked yet. */
export interface SpecDocument {
  readonly document: Fields;
  readonly metadata: unknown;
  /** All of it, comments and all. */
  readonly text: string;
}

/** Reads a Cluster document without its `metadata`; rejects like `readSpecDocument`. */
export async function readSpecFile(file: string): Promise<Fields> {
  return (await readSpecDocument(file)).document;
}

/** TerminalError `cli.no-file` when there is no such file; rejects like `parseSpecDocument`. */
export async function readSpecDocument(file: string): Promise<SpecDocument> {
  const text = await readText(file, MAX_BYTES).catch((cause: unknown) => {
    const message = `The file ${file} can not be read: check the path and its permissions.`;
    throw new TerminalError('cli.no-file', message, { cause });
  });
  return parseSpecDocument(file, text);
}

/** TerminalError `spec.no-document` when it is no YAML, no object, or too large. `file`: for people. */
export function parseSpecDocument(file: string, text: string): SpecDocument {
  if (text.length > MAX_BYTES) throw noDocument(file, `it is larger than ${MAX_BYTES / 1024} KiB`);
  const document = parseYaml(file, text);
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
    const { metadata, ...fields } = { metadata: undefined, ...document };
    return { document: fields, metadata, text };
  }
  throw noDocument(file, 'it holds no fields');
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, logLevel: 'error' });
  } catch (cause) {
    throw noDocument(file, firstLine(cause), cause);
  }
}

function noDocument(file: string, why: string, cause?: unknown): TerminalError {
  return new TerminalError(
    'spec.no-document',
    `The file ${file} is no Cluster document (${why}): correct it, or say what you want with options.`,
    { cause },
  );
}

/** What the parser says; the place in the text follows in further lines. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/:$/, '');
}
