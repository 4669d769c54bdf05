import { disruptedHosts, disruptionBy, disruptionByOrder } from '../known/disrupted.ts';
import type { Known } from '../known/known.ts';
import { moment, roleOf, specOf } from '../known/questions.ts';
import { invariant } from '../rule.ts';

const DEFAULT_MAX_UNAVAILABLE = 1;

export const fewAtATime = invariant({
  id: 'S6',
  title: 'Few nodes at a time',
  rule: 'At most maxUnavailable serving nodes, and at most one control plane, are cordoned, drained, reset or upgraded at a time, an order counted from when it is given until it is taken back.',
  hears: ['world', 'log.committed'],
  initial: undefined,
  step(state, entry, known) {
    const fresh =
      entry.type === 'world' ? disruptionBy(entry, known) : disruptionByOrder(entry, known);
    if (fresh === undefined) return { state };
    const problem = tooMany([...new Set([...disruptedHosts(known), fresh.host])], known);
    const broken =
      problem && `${fresh.host} was ${fresh.what} at ${moment(entry.atMs)}: ${problem} at once`;
    return { state, broken };
  },
});

function tooMany(hosts: readonly string[], known: Known): string | undefined {
  const limit = specOf(known)?.upgrade.maxUnavailable ?? DEFAULT_MAX_UNAVAILABLE;
  const planes = hosts.filter((host) => roleOf(known, host) === 'control-plane');
  if (planes.length > 1) return `control planes ${planes.join(' and ')} are out of service`;
  if (hosts.length <= limit) return undefined;
  return `${hosts.join(', ')} are out of service, where ${limit} may be`;
}
