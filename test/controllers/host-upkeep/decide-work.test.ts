import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/host-upkeep/decide.ts';
import type { Observed } from '../../../src/controllers/host-upkeep/observed.ts';
import { id } from '../../support/controllers-entries.ts';
import { orderOf } from '../../support/upkeep-bench.ts';
import { course, ended, jobOf, nextState, observed, under } from './observations.ts';

const CONTROL_PLANE = { isControlPlane: true, apiServerReady: true } as const;
const STEP_MS = 300_000;

describe('an order that is begun', () => {
  test.each<{
    readonly title: string;
    readonly input: Observed;
    readonly does: readonly string[];
    readonly to?: string;
  }>([
    {
      title: 'a command that runs is left alone',
      input: under('upgrade-kubelet', { state: 'running' }, { command: { phase: 'running' } }),
      does: [],
    },
    {
      title: 'manifests that kubeadm wrote are made safe while it runs',
      input: under(
        'upgrade-control-plane',
        { state: 'running' },
        { ...CONTROL_PLANE, command: { phase: 'running' }, isUnsynced: true },
      ),
      does: ['sync-files'],
    },
    {
      title: 'a command that vanished is started again, after torn files were mended',
      input: under('upgrade-kubelet', { state: 'running' }, { tornFiles: ['/etc/x'] }),
      does: ['mend-files', 'start-command'],
    },
    {
      title: 'on a control plane only once its servers are back',
      input: under('upgrade-kubelet', { state: 'running' }, { isControlPlane: true }),
      does: [],
    },
    {
      title: 'or two minutes are over',
      input: under(
        'upgrade-kubelet',
        { state: 'running' },
        { isControlPlane: true, inStateForMs: 120_000 },
      ),
      does: ['start-command'],
    },
    {
      title: 'a command that can not be started fails in the end',
      input: under('upgrade-kubelet', { state: 'running' }, { inStateForMs: STEP_MS }),
      does: ['keep-job'],
      to: 'backing-off',
    },
    {
      title: 'a command that failed is tried again later',
      input: under('upgrade-kubelet', { state: 'running' }, { command: ended('failed') }),
      does: ['keep-job'],
      to: 'backing-off',
    },
    {
      title: 'and the third time taken back',
      input: under(
        'upgrade-kubelet',
        { state: 'running', failures: 2 },
        { command: ended('failed') },
      ),
      does: ['keep-job'],
      to: 'rolling-back',
    },
    {
      title: 'what a command wrote is safe before it counts',
      input: under('upgrade-kubelet', { state: 'running' }, { command: ended('succeeded') }),
      does: ['sync-files', 'keep-job'],
      to: 'switching',
    },
    {
      title: 'a back-off is waited for',
      input: under(
        'upgrade-kubelet',
        { state: 'backing-off', failures: 2 },
        { inStateForMs: 19_999 },
      ),
      does: [],
    },
    {
      title: 'and ends',
      input: under(
        'upgrade-kubelet',
        { state: 'backing-off', failures: 2 },
        { inStateForMs: 20_000 },
      ),
      does: ['keep-job'],
      to: 'running',
    },
    {
      title: 'the kubelet of a worker is just restarted',
      input: under('upgrade-kubelet', { state: 'switching' }),
      does: ['sync-files', 'link-kubernetes', 'restart-kubelet', 'keep-job'],
      to: 'verifying',
    },
    {
      title: 'that of a control plane only once its static pods ended',
      input: under('upgrade-kubelet', { state: 'switching' }, CONTROL_PLANE),
      does: ['sync-files', 'stop-static-pods', 'link-kubernetes', 'restart-kubelet', 'keep-job'],
      to: 'verifying',
    },
    {
      title: 'a kubelet that can not be switched is given up',
      input: under('upgrade-kubelet', { state: 'switching' }, { inStateForMs: STEP_MS }),
      does: ['keep-job'],
      to: 'rolling-back',
    },
    {
      title: 'a command that ended well is no proof',
      input: under(
        'upgrade-kubelet',
        { state: 'verifying' },
        { trouble: 'not Ready', goodLooks: 0 },
      ),
      does: [],
    },
    {
      title: 'nor are nine looks on a control plane',
      input: under(
        'upgrade-control-plane',
        { state: 'verifying' },
        { ...CONTROL_PLANE, goodLooks: 9 },
      ),
      does: [],
    },
    {
      title: 'ten in a row are',
      input: under(
        'upgrade-control-plane',
        { state: 'verifying' },
        { ...CONTROL_PLANE, goodLooks: 10 },
      ),
      does: [
        'sync-files',
        'forget-command',
        'forget-command',
        'forget-command',
        'forget-command',
        'remove-tree',
        'keep-job',
        'remove-tree',
      ],
      to: 'done',
    },
    {
      title: 'a proof that does not come ends it',
      input: under(
        'upgrade-kubelet',
        { state: 'verifying' },
        { trouble: 'not Ready', inStateForMs: STEP_MS },
      ),
      does: ['keep-job'],
      to: 'rolling-back',
    },
    {
      title: 'the former kubelet comes back with its files',
      input: under('upgrade-kubelet', { state: 'rolling-back' }),
      does: [
        'put-files-back',
        'sync-files',
        'link-kubernetes',
        'restart-kubelet',
        'forget-command',
        'keep-job',
      ],
      to: 'settling',
    },
    {
      title: 'a host that serves as before has failed',
      input: under('upgrade-kubelet', { state: 'settling' }, { goodLooks: 6 }),
      does: ['keep-job'],
      to: 'failed',
    },
    {
      title: 'a host that has served as before for a moment is watched',
      input: under('upgrade-kubelet', { state: 'settling' }, { goodLooks: 5 }),
      does: [],
    },
    {
      title: 'and so has one that does not, in the end',
      input: under(
        'upgrade-kubelet',
        { state: 'settling' },
        { trouble: 'gone', inStateForMs: STEP_MS },
      ),
      does: ['keep-job'],
      to: 'failed',
    },
    {
      title: 'a host that can not be put back is given its kubelet',
      input: under('upgrade-kubelet', { state: 'rolling-back' }, { inStateForMs: STEP_MS }),
      does: ['restart-kubelet', 'keep-job'],
      to: 'failed',
    },
  ])('$title', ({ input, does, to }) => {
    expect({ does: course(input).does, to: nextState(input) }).toEqual({ does, to });
  });

  test('a rollback of manifests ends the static pods before, and only where there is one to put back', () => {
    const changed = under(
      'upgrade-control-plane',
      { state: 'rolling-back' },
      { ...CONTROL_PLANE, isChanged: true },
    );
    const unchanged = under('upgrade-control-plane', { state: 'rolling-back' }, CONTROL_PLANE);
    expect(course(changed).does.slice(0, 3)).toEqual([
      'stop-static-pods',
      'put-files-back',
      'restart-kubelet',
    ]);
    expect(course(unchanged).does).not.toContain('restart-kubelet');
  });

  test('is told once it is over, with its reason, and then left alone', () => {
    const order = orderOf(2, 'upgrade-kubelet');
    const job = jobOf(order, { state: 'failed', failures: 3, reason: 'no room' });
    const [told, ...rest] = decide(observed({ job, sight: undefined }));
    expect(rest).toEqual([]);
    expect(told).toMatchObject({
      upkeep: { work: { state: 'failed', reason: 'no room', waiting: null } },
    });
    const value = told?.type === 'report' ? told.upkeep : undefined;
    const reported = value && ({ kind: 'upkeep', key: id(2), value, revision: 3 } as const);
    expect(decide(observed({ job, sight: undefined, reported }))).toEqual([]);
  });
});
