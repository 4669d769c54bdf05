import { describe, expect, test } from '@jest/globals';
import type { KnownLog } from '../../src/state/known-log.ts';
import { openPlans } from '../../src/state/open-plans.ts';
import { spec } from '../support/controllers-entries.ts';
import { progressEntry, rollout, rolloutEntry } from '../support/rollout-entries.ts';
import { keyed, knownLog, plan } from '../support/why-entries.ts';

const ROLLOUT = 'upgrade-v1-35-1-57';
const REPLACEMENT = plan('replace-n2-30');

function logOf(policy: 'auto' | 'approve' | 'window', differs: Partial<KnownLog> = {}): KnownLog {
  const upgrade = { ...spec().upgrade, policy };
  return knownLog({
    spec: [keyed('spec', 'current', spec({ upgrade }))],
    rollouts: [rolloutEntry()],
    ...differs,
  });
}

/** An upgrade and a renewal, both for people to approve; `reason`: what the renewal waits for. */
function renewalLog(reason: 'approval' | null): KnownLog {
  const certificates = { policy: 'approve' as const };
  const upgrade = { ...spec().upgrade, policy: 'approve' as const };
  const planId = 'renew-58';
  const waiting = reason && { reason, message: 'x', sinceWallMs: 0 };
  return logOf('approve', {
    spec: [keyed('spec', 'current', spec({ upgrade, certificates }))],
    rollouts: [rolloutEntry(), rolloutEntry({ planId, action: 'renew-certificates' }, 99)],
    progresses: [progressEntry({ planId, waiting })],
  });
}

const approved = (planId: string) => ({
  approvals: [keyed('approval', planId, { planId, approvedWallMs: 0 })],
});

describe('a plan is open', () => {
  test('that replaces a node, whether it was approved or is still to be', () => {
    const plans = [keyed('plan', REPLACEMENT.planId, REPLACEMENT)];
    const log = knownLog({ plans });
    expect(openPlans(log)).toEqual([{ ...REPLACEMENT, approved: false }]);
    expect(openPlans({ ...log, ...approved(REPLACEMENT.planId) })).toEqual([
      { ...REPLACEMENT, approved: true },
    ]);
  });

  test('that is a rollout nobody has approved, about no node', () => {
    const { planId, term, action, summary, revision } = rollout();
    const about = { nodeId: null, incarnation: null, candidate: null };
    expect(openPlans(logOf('approve'))).toEqual([
      { planId, term, action, ...about, summary, revision, approved: false },
    ]);
  });

  test.each<{ when: string; log: KnownLog; open: readonly string[] }>([
    {
      when: 'it began and the policy was changed since',
      log: logOf('approve', { progresses: [progressEntry()] }),
      open: [ROLLOUT],
    },
    { when: 'it was approved', log: logOf('approve', approved(ROLLOUT)), open: [] },
    { when: 'nobody needs to be asked', log: logOf('auto'), open: [] },
    { when: 'the clock decides', log: logOf('window'), open: [] },
    {
      when: 'it is over',
      log: logOf('approve', { progresses: [progressEntry({ state: 'cancelled' })] }),
      open: [],
    },
    {
      when: 'it renews certificates, whatever the policy of upgrades',
      log: logOf('approve', { rollouts: [rolloutEntry({ action: 'renew-certificates' })] }),
      open: [],
    },
    {
      when: 'it renews certificates, and waits to be approved beside an upgrade',
      log: renewalLog('approval'),
      open: [ROLLOUT, 'renew-58'],
    },
    {
      when: 'it renews certificates that end too soon to wait',
      log: renewalLog(null),
      open: [ROLLOUT],
    },
    {
      when: 'another one took its place',
      log: logOf('approve', { rollouts: [rolloutEntry(), rolloutEntry({ planId: 'newer' }, 99)] }),
      open: ['newer'],
    },
  ])('or not, where $when: $open', ({ log, open }) => {
    expect(openPlans(log).map(({ planId }) => planId)).toEqual(open);
  });
});
