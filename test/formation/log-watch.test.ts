import { describe, expect, test } from '@jest/globals';
import { GIVE_UP_MS, type LogSight, NEW_WATCH, watchLog } from '../../src/formation/log-watch.ts';

type At = readonly [atMs: number, sight: LogSight];

const gone = (...unreachable: readonly string[]): LogSight => ({ type: 'silent', unreachable });
const worked: LogSight = { type: 'worked' };
const ended: LogSight = { type: 'replica-ended' };

function phaseAfter(sights: readonly At[]): string {
  return sights.reduce((watch, [atMs, sight]) => watchLog(watch, sight, atMs), NEW_WATCH).phase;
}

describe('a log that was never seen', () => {
  test.each<{ when: string; sights: readonly At[]; phase: string }>([
    { when: 'nothing is known yet', sights: [], phase: 'watching' },
    {
      when: 'all replicas are there and do not agree, for however long',
      sights: [
        [0, gone()],
        [10 * GIVE_UP_MS, gone()],
      ],
      phase: 'watching',
    },
    {
      when: 'a host is gone for almost long enough',
      sights: [
        [0, gone('c')],
        [GIVE_UP_MS - 1, gone('c')],
      ],
      phase: 'watching',
    },
    {
      when: 'a host is gone for long enough',
      sights: [
        [0, gone('c')],
        [GIVE_UP_MS, gone('c')],
      ],
      phase: 'given-up',
    },
    {
      when: 'the host came back for a moment',
      sights: [
        [0, gone('c')],
        [30_000, gone()],
        [30_100, gone('c')],
        [GIVE_UP_MS + 1_000, gone('c')],
      ],
      phase: 'watching',
    },
    {
      when: 'one host after the other is gone, none for long',
      sights: [
        [0, gone('b')],
        [40_000, gone('c')],
        [GIVE_UP_MS + 1_000, gone('c')],
      ],
      phase: 'watching',
    },
    {
      when: 'another host is gone, too',
      sights: [
        [0, gone('c')],
        [40_000, gone('b', 'c')],
        [GIVE_UP_MS, gone('b', 'c')],
      ],
      phase: 'given-up',
    },
    { when: 'a replica was stopped for good', sights: [[0, ended]], phase: 'given-up' },
    {
      when: 'it works in the end, although it was given up',
      sights: [
        [0, ended],
        [1, worked],
      ],
      phase: 'worked',
    },
    {
      when: 'it was given up and the host is back',
      sights: [
        [0, gone('c')],
        [GIVE_UP_MS, gone('c')],
        [GIVE_UP_MS + 1, gone()],
      ],
      phase: 'given-up',
    },
  ])('$phase when $when', ({ sights, phase }) => {
    expect(phaseAfter(sights)).toBe(phase);
  });

  test.each<{ what: string; sight: LogSight }>([
    { what: 'hosts that are gone', sight: gone('b', 'c') },
    { what: 'a replica that was stopped', sight: ended },
  ])('is never given up once it worked, whatever is seen of $what', ({ sight }) => {
    expect(
      phaseAfter([
        [0, worked],
        [1, sight],
        [10 * GIVE_UP_MS, sight],
      ]),
    ).toBe('worked');
  });
});
