import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LeaseVerdict } from '../../src/state/lease-verdict.ts';
import { nodeVerdict, type Signs } from '../../src/state/node-verdict.ts';
import type { Findings } from '../../src/state/probe.ts';
import { verdictEvidence } from '../../src/state/verdict-evidence.ts';
import { id } from '../support/controllers-entries.ts';

const UNSEEN: Findings = { reachedBy: [], silentTo: [], kubeletSeenBy: [], replacedFor: [] };

/** Who finds what, by numbers of nodes. */
function seen(found: Partial<Record<keyof Findings, readonly number[]>>): Findings {
  const { reachedBy = [], silentTo = [], kubeletSeenBy = [], replacedFor = [] } = found;
  return {
    reachedBy: reachedBy.map(id),
    silentTo: silentTo.map(id),
    kubeletSeenBy: kubeletSeenBy.map(id),
    replacedFor: replacedFor.map(id),
  };
}

/** n1 has led for long and judges one of five nodes, which is well. */
const well: Signs = {
  isSelf: false,
  leaseAgeMs: 4_000,
  watchedMs: 600_000,
  findings: seen({ reachedBy: [1, 2, 3, 4] }),
  possibleObservers: 4,
  standing: 'alive',
  distrust: undefined,
};
const expired: Signs = { ...well, leaseAgeMs: 30_000, findings: seen({ silentTo: [1, 2] }) };
const distrust = { times: 4, forMs: 20_000 };

interface Row {
  when: string;
  signs: Signs;
  verdict: LeaseVerdict;
  evidence: string;
}

describe('the verdict on a node', () => {
  test.each<Row>([
    {
      when: 'it beats and is reached',
      signs: well,
      verdict: 'alive',
      evidence: 'its lease was last renewed 4 s ago',
    },
    {
      when: 'one observer does not reach it',
      signs: { ...well, findings: seen({ reachedBy: [1, 2, 3], silentTo: [4] }) },
      verdict: 'alive',
      evidence:
        'its lease was last renewed 4 s ago; n4 did not reach it; n1, n2 and 1 more reached it',
    },
    {
      when: 'two observers do not reach it',
      signs: { ...well, findings: seen({ reachedBy: [2], silentTo: [3, 4] }) },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 4 s ago; n3 and n4 did not reach it; n2 reached it',
    },
    {
      when: 'the only other node does not reach it',
      signs: { ...well, findings: seen({ silentTo: [1] }), possibleObservers: 1 },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 4 s ago; n1 did not reach it',
    },
    {
      when: 'its lease is old, and all reach it',
      signs: { ...well, leaseAgeMs: 20_000 },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 20 s ago',
    },
    {
      when: 'its agent is gone, and its kubelet is not',
      signs: { ...expired, findings: seen({ silentTo: [1, 2], kubeletSeenBy: [2] }) },
      verdict: 'suspect',
      evidence:
        'its lease was last renewed 30 s ago; n1 and n2 did not reach it; n2 saw its kubelet renew its lease',
    },
    {
      when: 'it was called dead, and its kubelet is seen',
      signs: {
        ...expired,
        standing: 'dead',
        findings: seen({ silentTo: [1, 2], kubeletSeenBy: [1] }),
      },
      verdict: 'suspect',
      evidence:
        'its lease was last renewed 30 s ago; n1 and n2 did not reach it; n1 saw its kubelet renew its lease',
    },
    {
      when: 'its lease ran out long ago, but somebody reaches it',
      signs: {
        ...expired,
        leaseAgeMs: 900_000,
        findings: seen({ silentTo: [1, 2, 3], reachedBy: [4] }),
      },
      verdict: 'suspect',
      evidence:
        'its lease was last renewed 900 s ago; n1, n2 and 1 more did not reach it; n4 reached it',
    },
    {
      when: 'its lease ran out, and nobody looked',
      signs: { ...expired, findings: UNSEEN },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 30 s ago',
    },
    {
      when: 'its lease ran out, and only one of four looked',
      signs: { ...expired, findings: seen({ silentTo: [1] }) },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 30 s ago; n1 did not reach it',
    },
    {
      when: 'its lease ran out, and the only other node does not reach it',
      signs: { ...expired, findings: seen({ silentTo: [1] }), possibleObservers: 1 },
      verdict: 'dead',
      evidence: 'its lease was last renewed 30 s ago; n1 did not reach it',
    },
    {
      when: 'its lease ran out, and two do not reach it',
      signs: expired,
      verdict: 'dead',
      evidence: 'its lease was last renewed 30 s ago; n1 and n2 did not reach it',
    },
    {
      when: 'its lease is about to run out',
      signs: { ...expired, leaseAgeMs: 29_999 },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 29 s ago; n1 and n2 did not reach it',
    },
    {
      when: 'the log failed over 29 s ago',
      signs: { ...expired, leaseAgeMs: 90_000, watchedMs: 29_999 },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 90 s ago; n1 and n2 did not reach it',
    },
    {
      when: 'it was never heard of',
      signs: { ...expired, leaseAgeMs: undefined, watchedMs: 31_000, standing: undefined },
      verdict: 'dead',
      evidence:
        'no lease was seen in the 31 s that the leader has watched; n1 and n2 did not reach it',
    },
    {
      when: 'another node is in its place, and two beats were missed',
      signs: { ...well, leaseAgeMs: 20_000, findings: seen({ replacedFor: [1] }) },
      verdict: 'dead',
      evidence: 'its lease was last renewed 20 s ago; n1 found another node in its place',
    },
    {
      when: 'another node is in its place, but one beat may be under way',
      signs: { ...well, leaseAgeMs: 19_999, findings: seen({ replacedFor: [1] }) },
      verdict: 'alive',
      evidence: 'its lease was last renewed 19 s ago; n1 found another node in its place',
    },
    {
      when: 'another node is in its place, and the log failed over',
      signs: {
        ...well,
        leaseAgeMs: 25_000,
        watchedMs: 25_000,
        findings: seen({ replacedFor: [1] }),
      },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 25 s ago; n1 found another node in its place',
    },
    {
      when: 'another node is in its place for one, and another one reaches it',
      signs: { ...well, leaseAgeMs: 40_000, findings: seen({ replacedFor: [1], reachedBy: [2] }) },
      verdict: 'suspect',
      evidence:
        'its lease was last renewed 40 s ago; n1 found another node in its place; n2 reached it',
    },
    {
      when: 'it is dead, and a new leader has seen nothing of it yet',
      signs: {
        ...expired,
        leaseAgeMs: undefined,
        watchedMs: 0,
        findings: UNSEEN,
        standing: 'dead',
      },
      verdict: 'dead',
      evidence: 'no lease was seen in the 0 s that the leader has watched',
    },
    {
      when: 'it is dead, and nobody looks any more',
      signs: { ...expired, findings: UNSEEN, standing: 'dead' },
      verdict: 'dead',
      evidence: 'its lease was last renewed 30 s ago',
    },
    {
      when: 'it was dead, and somebody reaches it',
      signs: { ...expired, findings: seen({ reachedBy: [3] }), standing: 'dead' },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 30 s ago',
    },
    {
      when: 'it was dead, and beats',
      signs: { ...well, leaseAgeMs: 0, standing: 'dead' },
      verdict: 'alive',
      evidence: 'its lease was last renewed 0 s ago',
    },
    {
      when: 'it was suspected too often',
      signs: { ...well, standing: 'suspect', distrust },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 4 s ago; it came back 4 times in ten minutes',
    },
    {
      when: 'it was dead and came back too often',
      signs: { ...well, standing: 'dead', distrust },
      verdict: 'suspect',
      evidence: 'its lease was last renewed 4 s ago; it came back 4 times in ten minutes',
    },
    {
      when: 'it came back too often, and has been alive since',
      signs: { ...well, distrust },
      verdict: 'alive',
      evidence: 'its lease was last renewed 4 s ago',
    },
    {
      when: 'the leader has just begun to listen',
      signs: { ...well, leaseAgeMs: undefined, watchedMs: 0, findings: UNSEEN },
      verdict: 'unknown',
      evidence: 'no lease was seen in the 0 s that the leader has watched',
    },
    {
      when: 'it is the judge itself',
      signs: { ...expired, isSelf: true },
      verdict: 'alive',
      evidence: 'it holds the leader lease',
    },
  ])('when $when', ({ signs, verdict, evidence }) => {
    const nameOf = (nodeId: string) => `n${nodeId.charCodeAt(0) - 96}`;
    expect([nodeVerdict(signs), verdictEvidence(signs, nameOf)]).toEqual([verdict, evidence]);
  });

  test('fits into its field of the log, however long the names', () => {
    const findings = seen({ silentTo: [1, 2, 3], reachedBy: [4, 5, 6], replacedFor: [7] });
    const signs = { ...well, findings, standing: 'suspect', distrust } as const;
    expect(verdictEvidence(signs, () => 'n'.repeat(63)).length).toBeLessThanOrEqual(500);
  });
});

/** Breaks one guard: what it is given differs from what there is. */
interface Mutant {
  guard: string;
  broken(signs: Signs): Signs;
}

const ages = fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 60_000 }));
const observers = fc.subarray([1, 2, 3, 4]);
const signs = fc
  .record({
    leaseAgeMs: ages,
    watchedMs: fc.integer({ min: 0, max: 60_000 }),
    reachedBy: observers,
    silentTo: observers,
    replacedFor: observers,
    possibleObservers: fc.integer({ min: 1, max: 4 }),
    standing: fc.constantFrom<Signs['standing']>('alive', 'suspect', undefined),
  })
  .map(({ reachedBy, silentTo, replacedFor, ...rest }): Signs => {
    const findings = seen({ reachedBy, silentTo, replacedFor });
    return { isSelf: false, distrust: undefined, findings, ...rest };
  });

/** What has to hold of every death, in words of its own. */
function mayBeDead({ leaseAgeMs = Number.POSITIVE_INFINITY, watchedMs, ...rest }: Signs): boolean {
  const { reachedBy, silentTo, replacedFor } = rest.findings;
  const looked = silentTo.length + replacedFor.length >= Math.min(2, rest.possibleObservers);
  const expiredFor = replacedFor.length > 0 ? 20_000 : 30_000;
  const isSeen = replacedFor.length > 0 || looked;
  return watchedMs >= 30_000 && leaseAgeMs >= expiredFor && reachedBy.length === 0 && isSeen;
}

describe('a verdict of death', () => {
  test('always has its evidence, and with it always comes', () => {
    fc.assert(
      fc.property(signs, (each) => {
        expect(nodeVerdict(each) === 'dead').toBe(mayBeDead(each));
      }),
    );
  });

  test.each<Mutant>([
    { guard: 'the age of the lease', broken: (each) => ({ ...each, leaseAgeMs: 60_000 }) },
    { guard: 'the failover of the log', broken: (each) => ({ ...each, watchedMs: 60_000 }) },
    {
      guard: 'who reaches it',
      broken: (each) => ({ ...each, findings: { ...each.findings, reachedBy: [] } }),
    },
    {
      guard: 'how many looked',
      broken: (each) => ({ ...each, findings: { ...each.findings, silentTo: [id(1), id(2)] } }),
    },
    { guard: 'how many could', broken: (each) => ({ ...each, possibleObservers: 1 }) },
  ])('is wrong without $guard', ({ broken }) => {
    const property = fc.property(
      signs,
      (each) => nodeVerdict(broken(each)) !== 'dead' || mayBeDead(each),
    );
    expect(fc.check(property, { seed: 7, numRuns: 2_000 }).failed).toBe(true);
  });
});
