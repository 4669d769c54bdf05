import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/departure/decide.ts';
import type { SponsoredDeparture } from '../../../src/controllers/departure/observed.ts';
import { departure, entry, living, nodeSight, observed, pod, three, two } from './sights.ts';

/** What is done, and said of how far it is. */
function told(change: Partial<SponsoredDeparture>) {
  const actions = decide(observed({ departures: [departure(living, change)] }));
  return actions.flatMap((each) => {
    if (each.type === 'requeue') return [];
    return each.type === 'report' ? [each.departure.state] : [each.type];
  });
}

const drained = { unschedulable: true, taints: [], labels: {} };
const isMember = { health: three, node: nodeSight({ marks: drained }) };
const isNode = { health: two, node: nodeSight({ marks: drained }) };
const hasPods = { health: two, node: nodeSight({ pods: [pod] }) };
const pastReturn = entry({ state: 'past-return' });
const takenBack = entry({ state: 'taken-back' });
const ofAnother = entry({ operationId: 'retire-0', state: 'taken-back' });
const recalled = { isRecalled: true };

interface Row {
  readonly when: string;
  readonly change: Partial<SponsoredDeparture>;
  readonly told: readonly string[];
}

describe('a departure that people take back', () => {
  test.each<Row>([
    {
      when: 'it has only begun',
      change: { ...recalled, cluster: hasPods },
      told: ['taken-back'],
    },
    {
      when: 'nobody has begun it',
      change: { ...recalled, entry: undefined, cluster: hasPods },
      told: ['taken-back'],
    },
    {
      when: 'its member would be removed next',
      change: { ...recalled, cluster: isMember },
      told: ['taken-back'],
    },
    {
      when: 'its Node would be deleted next',
      change: { ...recalled, cluster: isNode },
      told: ['taken-back'],
    },
    {
      when: 'nobody can see the cluster',
      change: { ...recalled, cluster: { unseen: { reason: 'api-server', message: 'none' } } },
      told: ['taken-back'],
    },
    {
      when: 'it was stopped',
      change: { ...recalled, entry: takenBack, cluster: isNode },
      told: [],
    },
    {
      when: 'it was stopped, by a sponsor before this one',
      change: {
        ...recalled,
        entry: entry({ state: 'taken-back', by: 'bbbbbbbbbbb' }),
        cluster: isNode,
      },
      told: ['taken-back'],
    },
    {
      when: 'it was stopped, and the request is not seen any more',
      change: { entry: takenBack, cluster: isNode },
      told: [],
    },
    {
      when: 'its member is being removed',
      change: { ...recalled, entry: pastReturn, cluster: isMember },
      told: ['save-snapshot', 'remove-member'],
    },
    {
      when: 'its Node is being deleted',
      change: { ...recalled, entry: pastReturn, cluster: isNode },
      told: ['delete-node'],
    },
    {
      when: 'all is gone',
      change: { ...recalled, entry: pastReturn, cluster: { health: two, node: undefined } },
      told: ['done'],
    },
    {
      when: 'an earlier one was stopped, and nobody asks this one to',
      change: { entry: ofAnother, cluster: isNode },
      told: ['past-return', 'delete-node'],
    },
  ])('$when', ({ change, told: expected }) => {
    expect(told(change)).toEqual(expected);
  });

  test.each([
    { what: 'its member', cluster: isMember, after: ['save-snapshot', 'remove-member'] },
    { what: 'its Node', cluster: isNode, after: ['delete-node'] },
  ])('goes on, and that there is no way back is told before $what goes', ({ cluster, after }) => {
    expect(told({ cluster })).toEqual(['past-return', ...after]);
  });

  test('is drained before there is no way back', () => {
    expect(told({ cluster: hasPods })).toEqual(['cordon']);
  });
});
