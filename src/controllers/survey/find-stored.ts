import { type WrittenObject, writersBy } from '../../state/object-writers.ts';
import type { Finding } from '../../state/survey.ts';
import { finding } from './finding.ts';
import type { StoredSight } from './observed.ts';

/** Of each API; the rest is only counted. */
const MOST_NAMED = 5;

/**
 * Objects that somebody wrote by a version of their API which the release does not have: whoever writes
 * them so would be refused from then on. Said by the objects themselves, as nobody may have asked for
 * that version since the API servers started.
 */
export function findStored(stored: readonly StoredSight[], release: string): Finding {
  const looked = stored.reduce((sum, { objects }) => sum + objects.length, 0);
  const rest = stored.every(({ all }) => all)
    ? ''
    : `, as far as the ${looked} that were looked at show`;
  const fine = `nothing that is stored was written by an API that ${release} does not have${rest}`;
  return finding('stored-objects', stored.flatMap(troubleOf), fine);
}

function troubleOf({ api, objects, all }: StoredSight): readonly string[] {
  const { group, version, kind, removedMinor, through } = api;
  const apiVersion = `${group}/${version}`;
  const written = objects.flatMap((object) => {
    const writers = writersBy(apiVersion, object);
    return writers.length === 0 ? [] : `${fullName(object)} (by ${writers.join(', ')})`;
  });
  if (written.length === 0) return [];
  const more = written.length - MOST_NAMED;
  const others = more > 0 ? ` and ${all ? '' : 'at least '}${more} more` : '';
  const named = written.slice(0, MOST_NAMED).join(', ');
  return [
    `${kind} ${named}${others} was last written as ${apiVersion}, which Kubernetes has no more since 1.${removedMinor}: have it written as ${group}/${through}, or clear its managedFields where nobody writes it any more`,
  ];
}

function fullName({ namespace, name }: WrittenObject): string {
  return namespace === null ? name : `${namespace}/${name}`;
}
