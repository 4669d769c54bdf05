import { badOption } from './bad-option.ts';
import { type Moments, splitMoment } from './moments.ts';
import { refuseRepeated, refuseUnknown } from './parse-machines.ts';
import type { PlannedEvent } from './planned-event.ts';

const OPTION = '--partition';

/** `a,b|c,d,e@5m`: every machine stands in exactly one of at least two groups. */
export function parsePartition(
  text: string | undefined,
  hostnames: readonly string[],
  moments: Moments,
): readonly Extract<PlannedEvent, { type: 'partition' }>[] {
  if (text === undefined) return [];
  const { what, atMs } = splitMoment(OPTION, text, moments);
  const groups = what.split('|').map((group) => group.split(',').map((name) => name.trim()));
  const names = groups.flat();
  if (groups.length < 2) {
    throw badOption(
      `${OPTION} ${what} is one group: separate at least two with |, as in n1,n2|n3.`,
    );
  }
  refuseUnknown(OPTION, names, hostnames);
  refuseRepeated(OPTION, names);
  const left = hostnames.filter((name) => !names.includes(name));
  if (left.length > 0) {
    throw badOption(`${OPTION} leaves out ${left.join(', ')}: put every machine into one group.`);
  }
  return [{ type: 'partition', groups, atMs }];
}
