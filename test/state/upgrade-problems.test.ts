import { describe, expect, test } from '@jest/globals';
import { specProblems } from '../../src/state/spec-problems.ts';

const WINDOW = { start: '02:30', lengthMinutes: 120 };

function problems(upgrade: object): readonly string[] {
  const spec = { kubernetesVersion: 'v1.34.4', upgrade };
  const context = { expectedNodes: 3, hostNetworks: [] };
  return specProblems(spec, context).map(({ message }) => message);
}

describe('what a spec says of rollouts is refused where', () => {
  test.each([
    {
      upgrade: { policy: 'window' },
      says: 'upgrade.window is missing, but upgrade.policy is window: say its start and lengthMinutes, or choose another policy.',
    },
    {
      upgrade: { window: WINDOW },
      says: 'upgrade.window is given, but upgrade.policy is auto, so it means nothing: set the policy to window, or leave it out.',
    },
    {
      upgrade: { policy: 'approve', window: WINDOW },
      says: 'upgrade.window is given, but upgrade.policy is approve, so it means nothing: set the policy to window, or leave it out.',
    },
    {
      upgrade: { through: ['v1.33.9', 'v1.34.5'] },
      says: 'upgrade.through names v1.34.5, newer than kubernetesVersion v1.34.4: leave it out, or ask for a newer one.',
    },
    {
      upgrade: { through: ['v1.27.3'] },
      says: 'upgrade.through names v1.27.3, which is not supported: choose from v1.28 to v1.35.',
    },
    {
      upgrade: { policy: 'window', window: { ...WINDOW, start: '24:00' } },
      says: 'upgrade.window.start is wrong: must be a time of day such as 02:30.',
    },
  ])('$upgrade', ({ upgrade, says }) => {
    expect(problems(upgrade)).toEqual([says]);
  });
});

describe('what a spec says of certificates', () => {
  function found(certificates: object): readonly string[] {
    const spec = { kubernetesVersion: 'v1.34.4', certificates };
    return specProblems(spec, { expectedNodes: 3, hostNetworks: [] }).map(({ message }) => message);
  }

  test.each([
    {
      certificates: { policy: 'window' },
      says: 'certificates.window is missing, but certificates.policy is window: say its start and lengthMinutes, or choose another policy.',
    },
    {
      certificates: { policy: 'report', window: WINDOW },
      says: 'certificates.window is given, but certificates.policy is report, so it means nothing: set the policy to window, or leave it out.',
    },
  ])('is refused where $certificates', ({ certificates, says }) => {
    expect(found(certificates)).toEqual([says]);
  });

  test.each([
    { certificates: { policy: 'approve' } },
    { certificates: { policy: 'window', window: WINDOW } },
  ])('may be $certificates', ({ certificates }) => {
    expect(found(certificates)).toEqual([]);
  });
});

test.each([
  { upgrade: {} },
  { upgrade: { policy: 'window', window: WINDOW } },
  { upgrade: { policy: 'window', window: { ...WINDOW, days: ['sunday'] }, paused: true } },
  { upgrade: { policy: 'approve', paused: true } },
  { upgrade: { through: ['v1.33.9', 'v1.34.4'] } },
])('$upgrade is fine', ({ upgrade }) => {
  expect(problems(upgrade)).toEqual([]);
});
