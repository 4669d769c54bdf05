import { FIRST_PROGRESS, type Progress } from '../../../machines/operation-progress.ts';
import { memoised } from '../memo.ts';
import type { Cluster } from './cluster.ts';
import { type Asked, isDone, type Place, type Places } from './place.ts';

const DONE: Progress = { ...FIRST_PROGRESS, state: 'succeeded', outcome: 'succeeded' };
const FIRST_TERM = 1;
const FIRST_ATTEMPT = 1;

/**
 * Leaves out what can make no difference any more, so that fewer states differ: how, in which attempt
 * and by whose keys a node came to serve; and, while neither an old copy of the log nor a late write
 * is about, in whose term anything was asked, as every leader comes after those who asked before.
 */
export function forgetful(places: Places): (cluster: Cluster) => Cluster {
  const isTimeless = memoised((number: number) => {
    const { asked, late, copy } = places.thing(number);
    return late === null && copy === null && asked?.lateIn === undefined;
  });
  const serves = memoised((number: number) => servesFor(places.thing(number)));
  const settled = memoised((number: number) => {
    const place = places.thing(number);
    return servesFor(place) ? places.numberOf(withoutHistory(place)) : number;
  });
  const timeless = memoised((number: number) =>
    places.numberOf(withoutTerms(places.thing(settled(number)))),
  );

  return (cluster) => {
    const { places: numbers, sponsors, left, term } = cluster;
    const mayForgetTerms =
      left.staleCopies === 0 && left.depositions === 0 && numbers.every(isTimeless);
    return {
      ...cluster,
      places: numbers.map(mayForgetTerms ? timeless : settled),
      sponsors: sponsors.map((sponsor, index) => (serves(numbers[index] ?? 0) ? -1 : sponsor)),
      term: mayForgetTerms ? Math.min(term, FIRST_TERM) : term,
    };
  };
}

/** It did what it was asked, and everybody knows. */
function servesFor(place: Place): boolean {
  const { asked, recorded, said, copy, late } = place;
  if (!isDone(place) || copy || late || asked?.name !== recorded?.name) return false;
  return said?.phase === 'serving' && said.name === asked?.name;
}

function withoutHistory(place: Place): Place {
  const { asked, said } = place;
  if (!asked || !said) return place;
  const { task, name } = joined(asked);
  return {
    ...place,
    // What has begun counts, whenever it was asked.
    asked: { task, name, term: asked.term },
    marker: name,
    recorded: { task, name, progress: DONE },
    said: { ...said, name },
    departure: 'none',
    started: FIRST_ATTEMPT,
  };
}

/** Who became what it is in place is like somebody who joined as that. */
function joined({ task, name }: Asked): Pick<Asked, 'task' | 'name'> {
  switch (task) {
    case 'promote':
    case 'join-control-plane':
      return { task: 'join-control-plane', name: 'join-control-plane-@-1' };
    case 'demote':
    case 'join-worker':
      return { task: 'join-worker', name: 'join-worker-@-1' };
    default:
      return { task, name };
  }
}

function withoutTerms(place: Place): Place {
  const { asked, obeyedTerm, highestTerm } = place;
  return {
    ...place,
    asked: asked && { ...asked, term: FIRST_TERM },
    obeyedTerm: Math.min(obeyedTerm, FIRST_TERM),
    highestTerm: Math.min(highestTerm, FIRST_TERM),
  };
}
