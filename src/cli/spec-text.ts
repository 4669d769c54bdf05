import { type Document, isMap, isScalar, parseDocument, visit, type YAMLMap } from 'yaml';
import { canonicalJson } from '../state/canonical-json.ts';
import { type ClusterSpec, clusterSpecSchema } from '../state/cluster-spec.ts';
import { type FieldChange, fieldChanges } from '../state/field-changes.ts';
import { MOST_WORDING } from '../state/wording.ts';
import { yamlText } from './yaml-text.ts';

/** Lines that `civitas edit` writes for people, and that are no part of what they write. */
const TOLD = /^(?:#!|# yaml-language-server:).*\n?/gm;

/**
 * The spec as people wrote it last, with all that was changed since: comments stay at their fields.
 * Every field of it where nobody's words are kept, or nothing can be made of them.
 */
export function specText(spec: ClusterSpec, wording: string | undefined): string {
  const written = wording === undefined ? undefined : clusterSpecSchema.safeParse(fields(wording));
  if (wording === undefined || !written?.success) return yamlText(spec);
  const text = withChanges(wording, fieldChanges(written.data, spec));
  const again = clusterSpecSchema.safeParse(text === undefined ? undefined : fields(text));
  const isSame = again.success && canonicalJson(again.data) === canonicalJson(spec);
  return text !== undefined && isSame ? text : yamlText(spec);
}

/** The document with other values in it; undefined where aliases make one place stand for several. */
export function withChanges(text: string, changes: readonly FieldChange[]): string | undefined {
  if (changes.length === 0) return text;
  const document = plainDocument(text);
  if (document === undefined) return undefined;
  const [gone, set] = [changes.filter(isGone), changes.filter((change) => !isGone(change))];
  for (const { path } of gone) removeField(document, path);
  for (const { path, after } of set) document.setIn(path, after);
  return document.toString();
}

/** With `metadata.revision`, by which `civitas apply` sees that nobody else's change is undone. */
export function withRevision(text: string, revision: number): string {
  const document = parseDocument(text);
  const { contents } = document;
  if (!isMap(contents)) return text;
  const kind = placeOf('kind', contents);
  const place = kind < 0 ? contents.items.length : kind + 1;
  contents.items.splice(place, 0, document.createPair('metadata', { revision }));
  return document.toString();
}

/** The document without what `civitas edit` told. */
export function withoutTold(text: string): string {
  return text.replace(TOLD, '');
}

/** What of a document is kept for people: all that they wrote but its `metadata`. */
function wordingOf(text: string): string {
  const written = withoutTold(text);
  const document = parseDocument(written, { logLevel: 'error' });
  const { contents } = document;
  if (!isMap(contents)) return written;
  const index = placeOf('metadata', contents);
  if (index < 0) return written;
  const [metadata] = contents.items.splice(index, 1);
  handComment(metadata?.key, contents.items[index]?.key);
  return document.toString();
}

/** What stands above a field that goes is seldom about that field alone. */
function handComment(from: unknown, to: unknown): void {
  if (!isScalar(from) || !isScalar(to) || !from.commentBefore) return;
  to.commentBefore = [from.commentBefore, ...(to.commentBefore ? [to.commentBefore] : [])].join(
    '\n',
  );
}

function placeOf(name: string, { items }: YAMLMap): number {
  return items.findIndex(({ key }) => isScalar(key) && key.value === name);
}

/** For the local API; nothing where it is longer than what can be kept. */
export function keptWording(text: string): { readonly wording?: string } {
  const wording = wordingOf(text);
  return wording.length <= MOST_WORDING ? { wording } : {};
}

export function hasComments(text: string): boolean {
  const document = parseDocument(text, { logLevel: 'error' });
  let found = Boolean(document.comment ?? document.commentBefore);
  visit(document, {
    Node: (_key, node) => {
      if (node.comment || node.commentBefore) found = true;
    },
  });
  return found;
}

function fields(text: string): unknown {
  return plainDocument(text)?.toJS();
}

/** Undefined for what is no YAML, or has aliases. */
function plainDocument(text: string): Document | undefined {
  const document = parseDocument(text, { logLevel: 'error' });
  let isPlain = document.errors.length === 0;
  visit(document, {
    Alias: () => {
      isPlain = false;
    },
  });
  return isPlain ? document : undefined;
}

/** With whatever would be left without a field by that. */
function removeField(document: Document, path: readonly string[]): void {
  // A default need not be written.
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  const above = path.slice(0, -1);
  const rest = above.length > 0 ? document.getIn(above) : undefined;
  if (isMap(rest) && rest.items.length === 0) removeField(document, above);
}

function isGone({ after }: FieldChange): boolean {
  return after === undefined;
}
