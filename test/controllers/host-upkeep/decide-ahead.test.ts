import { describe, expect, test } from '@jest/globals';
import type { Observed, Sight } from '../../../src/controllers/host-upkeep/observed.ts';
import { course, ended, nextState, under } from './observations.ts';

const CONTROL_PLANE = { isControlPlane: true, apiServerReady: true } as const;

describe('static pods that are swapped ahead of kubeadm', () => {
  const READY = { commands: [ended('succeeded'), ended('succeeded'), ended('succeeded')] };

  function rendering(render: Partial<NonNullable<Sight['render']>>, seen: Partial<Sight> = {}) {
    const whole = { ...READY, manifests: 'different', ...render } as const;
    return under(
      'upgrade-control-plane',
      { state: 'rendering' },
      { ...CONTROL_PLANE, render: whole, ...seen },
    );
  }

  test.each<{
    readonly title: string;
    readonly input: Observed;
    readonly does: readonly string[];
    readonly to?: string;
  }>([
    {
      title: 'kubeadm checks first',
      input: rendering({
        commands: [{ phase: 'absent' }, { phase: 'absent' }, { phase: 'absent' }],
      }),
      does: ['start-command'],
    },
    {
      title: 'then it makes the manifests, from a configuration of ours',
      input: rendering({
        commands: [ended('succeeded'), { phase: 'absent' }, { phase: 'absent' }],
      }),
      does: ['write-render-config', 'start-command'],
    },
    {
      title: 'a check that fails leaves all to kubeadm',
      input: rendering({ commands: [ended('failed'), { phase: 'absent' }, { phase: 'absent' }] }),
      does: ['keep-job'],
      to: 'running',
    },
    {
      title: 'no manifests leave all to kubeadm',
      input: rendering({ manifests: 'missing' }),
      does: ['keep-job'],
      to: 'running',
    },
    {
      title: 'the same manifests need no swap',
      input: rendering({ manifests: 'same' }),
      does: ['keep-job'],
      to: 'running',
    },
    {
      title: 'others are made safe',
      input: rendering({}),
      does: ['sync-files', 'keep-job'],
      to: 'swapping',
    },
    {
      title: 'etcd is asked once more',
      input: rendering({}, { etcdTrouble: 'one is silent' }),
      does: [],
    },
    {
      title: 'swapped at once',
      input: under(
        'upgrade-control-plane',
        { state: 'swapping' },
        { ...CONTROL_PLANE, render: { ...READY, manifests: 'different' } },
      ),
      does: ['swap-static-pods', 'keep-job'],
      to: 'starting',
    },
    {
      title: 'but not with manifests that a power cut took',
      input: under(
        'upgrade-control-plane',
        { state: 'swapping' },
        { ...CONTROL_PLANE, render: { ...READY, manifests: 'missing' } },
      ),
      does: ['keep-job'],
      to: 'running',
    },
    {
      title: 'servers that answer let kubeadm go on',
      input: under('upgrade-control-plane', { state: 'starting' }, CONTROL_PLANE),
      does: ['keep-job'],
      to: 'running',
    },
    {
      title: 'servers that do not are taken back after two minutes',
      input: under(
        'upgrade-control-plane',
        { state: 'starting' },
        { ...CONTROL_PLANE, trouble: 'silent', inStateForMs: 120_000 },
      ),
      does: ['keep-job'],
      to: 'rolling-back',
    },
  ])('$title', ({ input, does, to }) => {
    expect({ does: course(input).does, to: nextState(input) }).toEqual({ does, to });
  });
});
