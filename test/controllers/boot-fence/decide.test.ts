import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/boot-fence/decide.ts';
import type { Observed } from '../../../src/controllers/boot-fence/observed.ts';

const PARKED = ['kubelet.conf', 'etcd.yaml', 'kube-apiserver.yaml'];

function observed(change: Partial<Observed>): Observed {
  return { parked: PARKED, synced: true, role: 'control-plane', waitedMs: 1_000, ...change };
}

const givesBack = [{ type: 'give-back', names: PARKED }];
const waits = [
  {
    type: 'requeue',
    afterMs: 500,
    waiting: {
      reason: 'parked',
      message:
        'Kubernetes is parked on this host since the boot, until the log says that it still has its role, or has been silent for 60 s',
    },
  },
];

describe('boot-fence.decide', () => {
  test.each<{ readonly when: string; readonly input: Partial<Observed>; readonly does: unknown }>([
    { when: 'nothing is parked', input: { parked: [] }, does: [] },
    { when: 'the log says that it is a control plane', input: {}, does: givesBack },
    { when: 'only its own copy says so', input: { synced: false }, does: waits },
    {
      when: 'only its own copy says so, and the log has been silent for a minute',
      input: { synced: false, waitedMs: 60_000 },
      does: givesBack,
    },
    { when: 'the log knows nothing of it', input: { role: undefined }, does: waits },
    {
      when: 'the log knows nothing of it for a minute',
      input: { role: undefined, waitedMs: 60_000 },
      does: givesBack,
    },
    {
      when: 'the log calls it a worker: a kubelet is all that it gets',
      input: { role: 'worker' },
      does: [{ type: 'give-back', names: ['kubelet.conf'] }],
    },
    {
      when: 'only its own copy calls it a worker',
      input: { role: 'worker', synced: false },
      does: waits,
    },
    {
      when: 'only its own copy calls it a worker, and the log has been silent for a minute',
      input: { role: 'worker', synced: false, waitedMs: 60_000 },
      does: [{ type: 'give-back', names: ['kubelet.conf'] }],
    },
    {
      when: 'the log calls it a worker, and what is left was for a control plane',
      input: { role: 'worker', parked: ['etcd.yaml'], waitedMs: 60_000 },
      does: [],
    },
    { when: 'the log calls it a spare', input: { role: 'spare', waitedMs: 600_000 }, does: [] },
    {
      when: 'its own copy, however old, calls it a spare',
      input: { role: 'spare', synced: false, waitedMs: 600_000 },
      does: [],
    },
  ])('when $when', ({ input, does }) => {
    expect(decide(observed(input))).toEqual(does);
  });
});
