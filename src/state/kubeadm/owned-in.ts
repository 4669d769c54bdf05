import { isFields } from './is-fields.ts';
import type { Fields } from './kubeadm-dialect.ts';
import { OWNED_FIELDS, type Owned, type PatchedDocument } from './owned-fields.ts';
import { OWNED_NAMES } from './owned-names.ts';

interface Found extends Owned {
  /** From the top of the document. */
  readonly path: readonly string[];
}

const NAMED: Owned = {
  why: 'civitas or kubeadm sets it for each control plane',
  cure: 'leave it out',
};
/** `null` takes a field away, and a text or a number stands in its place. */
const REPLACED: Owned = {
  why: 'that would take away what civitas sets there',
  cure: 'say only what is to differ',
};

/** Everything in a patch that is not for people to set. */
export function ownedIn(document: PatchedDocument, patch: Fields): readonly Found[] {
  const fields = Object.entries(OWNED_FIELDS[document]).flatMap(([path, owned]) =>
    fieldIn(patch, path.split('.'), owned),
  );
  const names = Object.entries(OWNED_NAMES[document]).flatMap(([path, owned]) =>
    namesIn(patch, path.split('.'), owned),
  );
  return [...new Map([...fields, ...names].map((each) => [each.path.join('.'), each])).values()];
}

/** The rest of the patch. */
export function withoutOwned(document: PatchedDocument, patch: Fields): Fields {
  // Sound: what is left of an object is one.
  return ownedIn(document, patch).reduce<Fields>(
    (left, { path }) => without(left, path) as Fields,
    patch,
  );
}

function fieldIn(patch: Fields, path: readonly string[], owned: Owned): readonly Found[] {
  const place = follow(patch, path);
  if (place.state === 'absent') return [];
  return [place.state === 'there' ? { path, ...owned } : { path: place.path, ...REPLACED }];
}

function namesIn(
  patch: Fields,
  path: readonly string[],
  owned: readonly string[],
): readonly Found[] {
  const place = follow(patch, path);
  if (place.state === 'absent') return [];
  if (place.state === 'replaced') return [{ path: place.path, ...REPLACED }];
  const names = namesOf(place.value);
  if (!names) return [{ path, ...REPLACED }];
  const found = names.filter((name) => owned.includes(flagOf(name)));
  return found.map((name) => ({ path: [...path, name], ...NAMED }));
}

type Place =
  | { readonly state: 'absent' }
  | { readonly state: 'there'; readonly value: unknown }
  | { readonly state: 'replaced'; readonly path: readonly string[] };

function follow(patch: Fields, path: readonly string[]): Place {
  let value: unknown = patch;
  for (const [index, key] of path.entries()) {
    if (!isFields(value)) return { state: 'replaced', path: path.slice(0, index) };
    if (!Object.hasOwn(value, key)) return { state: 'absent' };
    value = value[key];
  }
  return { state: 'there', value };
}

/** Of a list of named things or texts, or, before v1beta4, of arguments by name; undefined for anything else. */
function namesOf(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value)) return value.flatMap((item) => nameOf(item) ?? []);
  return isFields(value) ? Object.keys(value) : undefined;
}

function nameOf(item: unknown): string | undefined {
  const name = isFields(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Programs of Kubernetes take `_` for `-`, and a name may bring its value along. */
function flagOf(name: string): string {
  return (name.split('=')[0] ?? '').trim().replaceAll('_', '-');
}

function without(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.filter((item) => nameOf(item) !== key);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).flatMap(([name, below]) => {
    if (name !== key) return [[name, below] as const];
    return rest.length === 0 ? [] : [[name, without(below, rest)] as const];
  });
  return Object.fromEntries(entries);
}
