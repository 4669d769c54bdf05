import { describe, expect, test } from '@jest/globals';
import { kubeletBeat, lookedAgain } from '../../src/state/kubelet-beat.ts';

const WALL_MS = 1_700_000_000_000;
const FRESH = 'the kubelet of Node n3 renewed its lease less than 40 s ago';
const WATCHED = 'whether the kubelet of Node n3 renews its lease is watched for 13 s';
const LOST = { name: 'n3', ready: false };

/** Looks at a lease: when, by the monotonic clock, and how old it is by the wall clock. */
type Look = readonly [nowMs: number, renewedBeforeMs: number];

function beatAfter(looks: readonly Look[], node: Parameters<typeof kubeletBeat>[0] = LOST) {
  let sight: ReturnType<typeof lookedAgain>;
  let now = { nowMs: 0, wallMs: WALL_MS };
  for (const [nowMs, renewedBeforeMs] of looks) {
    now = { nowMs, wallMs: WALL_MS + nowMs };
    const lease = { node: 'n3', renewedWallMs: now.wallMs - renewedBeforeMs };
    sight = lookedAgain(sight, lease, now);
  }
  return kubeletBeat(node, sight, now);
}

describe('a kubelet', () => {
  test('beats while its Node is Ready, whatever its lease says', () => {
    const now = { nowMs: 0, wallMs: WALL_MS };
    expect(kubeletBeat({ name: 'n3', ready: true }, undefined, now)).toBe('its Node n3 is Ready');
  });

  test('does not beat without a lease', () => {
    expect(kubeletBeat(LOST, undefined, { nowMs: 0, wallMs: WALL_MS })).toBeUndefined();
  });

  test.each<[string, readonly Look[], string | undefined]>([
    ['whose lease is old', [[0, 90_000]], undefined],
    ['whose lease is young', [[0, 5_000]], FRESH],
    [
      'whose lease stays for 40 s',
      [
        [0, 5_000],
        [39_999, 44_999],
      ],
      undefined,
    ],
    [
      'that was seen to renew its lease, by a clock far behind',
      [
        [0, 500_000],
        [10_000, 500_000],
      ],
      FRESH,
    ],
    [
      'that was seen to renew it, and then not for 40 s',
      [
        [0, 500_000],
        [10_000, 500_000],
        [50_000, 540_000],
      ],
      undefined,
    ],
    ['whose lease is of the future', [[0, -500_000]], FRESH],
    [
      'whose lease is of the future, and stays for 40 s',
      [
        [0, -500_000],
        [40_000, -460_000],
      ],
      undefined,
    ],
  ])('%s', (_, looks, expected) => {
    expect(beatAfter(looks)).toBe(expected);
  });
});

describe('the kubelet of a machine that came back empty', () => {
  const wiped = { name: 'n3', ready: true, wiped: true };

  test.each<[string, readonly Look[], string | undefined]>([
    ['may beat when its lease was looked at once, however old it is', [[0, 90_000]], WATCHED],
    [
      'may beat when its lease stays for less than 13 s',
      [
        [0, 90_000],
        [12_999, 102_999],
      ],
      WATCHED,
    ],
    [
      'does not beat once its lease stays for 13 s, though its Node is Ready',
      [
        [0, 5_000],
        [13_000, 18_000],
      ],
      undefined,
    ],
    [
      'beats when it renews its lease meanwhile',
      [
        [0, 5_000],
        [12_000, 1_000],
        [24_999, 13_999],
      ],
      WATCHED,
    ],
  ])('%s', (_, looks, expected) => {
    expect(beatAfter(looks, wiped)).toBe(expected);
  });

  test('is never said to be gone while it renews its lease as late as kubelets do', () => {
    const everyMs = 10_400;
    const arrivesMs = 2_000;
    for (let firstMs = 0; firstMs < everyMs; firstMs += 100) {
      const looks = Array.from({ length: 60 }, (_, second) => firstMs + second * 1_000);
      for (const upTo of looks.keys()) {
        const seen = looks.slice(0, upTo + 1).map((nowMs): Look => {
          const shownMs = Math.floor((nowMs - arrivesMs) / everyMs) * everyMs;
          return [nowMs, nowMs - shownMs];
        });
        expect(beatAfter(seen, wiped)).toBe(WATCHED);
      }
    }
  });

  test('beats without a lease while its Node is Ready', () => {
    expect(kubeletBeat(wiped, undefined, { nowMs: 0, wallMs: WALL_MS })).toBe(
      'its Node n3 is Ready',
    );
  });
});
