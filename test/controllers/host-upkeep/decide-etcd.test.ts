import { describe, expect, test } from '@jest/globals';
import type { Observed } from '../../../src/controllers/host-upkeep/observed.ts';
import { course, under } from './observations.ts';

const CONTROL_PLANE = { isControlPlane: true, apiServerReady: true } as const;
const TROUBLE = 'member n3 of etcd does not answer, or is not well';
const STEP_MS = 300_000;

function withKubelet(kubelet: string, input: Observed): Observed {
  return { ...input, parts: { ...input.parts, kubelet } };
}

describe('before the member of etcd here is stopped', () => {
  test.each<{
    readonly title: string;
    readonly input: Observed;
    readonly expected: ReturnType<typeof course>;
  }>([
    {
      title: 'another one leads, where this one did',
      input: under(
        'upgrade-control-plane',
        { state: 'intended' },
        { ...CONTROL_PLANE, etcdHeir: 'b1' },
      ),
      expected: {
        does: ['move-etcd-leader', 'save-files', 'keep-job'],
        waits: undefined,
      },
    },
    {
      title: 'and where only a kubelet of the same minor is started, it goes on leading',
      input: withKubelet(
        'v1.34.3',
        under('upgrade-kubelet', { state: 'intended' }, { ...CONTROL_PLANE, etcdHeir: 'b1' }),
      ),
      expected: { does: ['save-files', 'keep-job', 'start-command'], waits: undefined },
    },
    {
      title: 'every other one answers',
      input: under(
        'upgrade-control-plane',
        { state: 'intended' },
        { ...CONTROL_PLANE, etcdTrouble: TROUBLE },
      ),
      expected: { does: [], waits: 'etcd-not-healthy' },
    },
    {
      title: 'every other one still answers once kubeadm has run',
      input: under(
        'upgrade-kubelet',
        { state: 'switching' },
        { ...CONTROL_PLANE, etcdTrouble: TROUBLE },
      ),
      expected: { does: [], waits: 'etcd-not-healthy' },
    },
    {
      title: 'but what hangs is given up, and put back, in the end',
      input: under(
        'upgrade-kubelet',
        { state: 'switching' },
        { ...CONTROL_PLANE, etcdTrouble: TROUBLE, inStateForMs: STEP_MS },
      ),
      expected: { does: ['keep-job'], waits: undefined },
    },
    {
      title: 'nobody is asked for a kubelet that leaves static pods alone',
      input: withKubelet(
        'v1.34.3',
        under(
          'upgrade-kubelet',
          { state: 'switching' },
          { ...CONTROL_PLANE, etcdTrouble: TROUBLE },
        ),
      ),
      expected: {
        does: ['sync-files', 'link-kubernetes', 'restart-kubelet', 'keep-job'],
        waits: undefined,
      },
    },
  ])('$title', ({ input, expected }) => {
    expect(course(input)).toEqual(expected);
  });
});
