import { describe, expect, test } from '@jest/globals';
import type { UpkeepEvent } from '../../src/machines/upkeep.ts';
import {
  advanceUpkeep,
  FIRST_UPKEEP_PROGRESS,
  isHalfway,
  isOver,
} from '../../src/machines/upkeep-progress.ts';

const FAILED: UpkeepEvent = { type: 'command.failed', reason: 'no room' };
const LATE: UpkeepEvent = { type: 'proof.missing', reason: 'not Ready' };

function progressAfter(...events: readonly UpkeepEvent[]) {
  return events.reduce(advanceUpkeep, FIRST_UPKEEP_PROGRESS);
}

describe('an order on its host', () => {
  test.each<{
    readonly title: string;
    readonly events: readonly UpkeepEvent[];
    readonly state: string;
  }>([
    { title: 'a preparation is proven at once', events: [{ type: 'proof.found' }], state: 'done' },
    { title: 'begun', events: [{ type: 'work.begun' }], state: 'running' },
    {
      title: 'a control plane, ahead of kubeadm',
      events: [
        { type: 'ahead.begun' },
        { type: 'manifests.rendered' },
        { type: 'static-pods.swapped' },
        { type: 'servers.started' },
        { type: 'commands.succeeded' },
        { type: 'proof.found' },
      ],
      state: 'done',
    },
    {
      title: 'a control plane that is left to kubeadm',
      events: [{ type: 'ahead.begun' }, { type: 'ahead.ruled-out' }],
      state: 'running',
    },
    {
      title: 'servers that do not start',
      events: [
        { type: 'ahead.begun' },
        { type: 'manifests.rendered' },
        { type: 'static-pods.swapped' },
        LATE,
      ],
      state: 'rolling-back',
    },
    {
      title: 'a kubelet',
      events: [
        { type: 'work.begun' },
        { type: 'kubelet.configured' },
        { type: 'kubelet.switched' },
        { type: 'proof.found' },
      ],
      state: 'done',
    },
    { title: 'a failure', events: [{ type: 'work.begun' }, FAILED], state: 'backing-off' },
    {
      title: 'a proof before anything was verified counts for nothing',
      events: [{ type: 'work.begun' }, { type: 'proof.found' }],
      state: 'running',
    },
    {
      title: 'what is over stays over',
      events: [{ type: 'proof.found' }, { type: 'work.begun' }, LATE],
      state: 'done',
    },
  ])('$title: $state', ({ events, state }) => {
    expect(progressAfter(...events).state).toBe(state);
  });

  test('is put back after the third failure, and fails with its reason', () => {
    const again: UpkeepEvent = { type: 'backoff.elapsed' };
    const third = progressAfter({ type: 'work.begun' }, FAILED, again, FAILED, again, FAILED);
    expect(third).toEqual({ state: 'rolling-back', failures: 3, reason: 'no room' });
    const settled = advanceUpkeep(third, { type: 'files.put-back' });
    expect(advanceUpkeep(settled, { type: 'host.settled' })).toEqual({ ...third, state: 'failed' });
    const unsettled: UpkeepEvent = { type: 'host.unsettled', reason: 'etcd is silent' };
    expect(advanceUpkeep(settled, unsettled)).toEqual({
      ...third,
      state: 'failed',
      reason: 'no room; etcd is silent',
    });
  });

  test('keeps no longer a reason than its file may hold', () => {
    const { reason } = progressAfter(
      { type: 'work.begun' },
      { ...FAILED, reason: 'x'.repeat(2_000) },
    );
    expect(reason).toHaveLength(1_000);
  });

  test.each([
    { state: 'intended', halfway: false, over: false },
    { state: 'running', halfway: true, over: false },
    { state: 'settling', halfway: true, over: false },
    { state: 'done', halfway: false, over: true },
    { state: 'failed', halfway: false, over: true },
  ] as const)('$state: halfway $halfway, over $over', ({ state, halfway, over }) => {
    expect([isHalfway({ state }), isOver({ state })]).toEqual([halfway, over]);
  });
});
