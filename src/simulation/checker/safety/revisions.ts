import { changed } from '../known/maps.ts';

/** What is known of one revision of a log. */
interface Revision {
  readonly path: string;
  /** Who was first seen to hold it, and which content; undefined while nobody was. */
  readonly held: { readonly host: string; readonly digest: string } | undefined;
}

/** Revisions by number, in shelves of a few: a log has thousands, and one more has to copy only its shelf. */
export type Revisions = ReadonlyMap<number, Shelf>;

type Shelf = ReadonlyMap<number, Revision>;

const SHELF = 64;

export function revisionAt(revisions: Revisions, number: number): Revision | undefined {
  return revisions.get(Math.floor(number / SHELF))?.get(number);
}

export function withRevision(revisions: Revisions, number: number, revision: Revision): Revisions {
  const index = Math.floor(number / SHELF);
  const shelf = revisions.get(index) ?? new Map<number, Revision>();
  return changed(revisions, index, changed(shelf, number, revision));
}
