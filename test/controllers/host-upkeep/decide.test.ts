import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/host-upkeep/decide.ts';
import type { Observed } from '../../../src/controllers/host-upkeep/observed.ts';
import { id } from '../../support/controllers-entries.ts';
import { NEW, OLD, orderOf } from '../../support/upkeep-bench.ts';
import { course, jobOf, observed, sight, WALL_MS } from './observations.ts';

const KUBELET = 'upkeep-1-upgrade-kubelet-bbbbbbbbbbb-1';
const CONTROL_PLANE = { isControlPlane: true, apiServerReady: true } as const;

describe('a node without anything to do', () => {
  const parts = observed().parts;
  const upkeep = {
    nodeId: id(2),
    incarnation: 1,
    parts,
    prepared: [],
    configurationDigest: null,
    work: null,
  };
  const reported = { kind: 'upkeep', key: id(2), value: upkeep, revision: 7 } as const;
  const idle = observed({ order: undefined, sight: undefined });

  test('tells once what it runs', () => {
    expect(decide(idle)).toEqual([{ type: 'report', upkeep, ifRevision: 0 }]);
    expect(decide({ ...idle, reported })).toEqual([]);
  });

  test('tells it again when something of it changed, or in another life', () => {
    const changed = { ...parts, kubelet: NEW };
    expect(decide({ ...idle, reported, parts: changed })).toEqual([
      { type: 'report', upkeep: { ...upkeep, parts: changed }, ifRevision: 7 },
    ]);
    const former = { ...reported, value: { ...upkeep, incarnation: 3, prepared: [OLD] } };
    expect(decide({ ...idle, reported: former })).toEqual([
      { type: 'report', upkeep, ifRevision: 7 },
    ]);
  });

  test('says nothing while it does not serve, or knows only an old copy of the log', () => {
    expect(decide({ ...idle, servesBy: undefined })).toEqual([]);
    expect(decide({ ...idle, synced: false })).toEqual([]);
  });
});

describe('an order that is not begun', () => {
  test.each<{ readonly title: string; readonly input: Observed; readonly waits: string }>([
    {
      title: 'on a node that leaves',
      input: observed({ servesBy: undefined }),
      waits: 'not-serving',
    },
    { title: 'from an old copy', input: observed({ synced: false }), waits: 'log' },
    { title: 'of an earlier term', input: observed({ obeyedTerm: 6 }), waits: 'stale-order' },
    { title: 'that came too late', input: observed({ isLate: true }), waits: 'stale-order' },
    { title: 'for another life', input: observed({ incarnation: 2 }), waits: 'stale-order' },
    ...(
      [
        ['after a boot', { isParked: true }, 'parked'],
        ['while kubeadm works for another one', { formerRuns: true }, 'former-command'],
        ['without programs', { presence: { folder: null, problem: 'none.' } }, 'release'],
        ['before all API servers are known', { apiServers: [] }, 'version-skew'],
        [
          'of an older API server',
          { apiServers: [{ hostname: 'n1', version: OLD }] },
          'version-skew',
        ],
        ['of an unknown one', { apiServers: [{ hostname: 'n1', version: null }] }, 'version-skew'],
        ['before the drain', { isDrained: false }, 'drain'],
        ['of an etcd in trouble', { etcdTrouble: 'one is silent' }, 'etcd-not-healthy'],
      ] as const
    ).map(([title, seen, waits]) => ({ title, input: observed({ sight: sight(seen) }), waits })),
  ])('$title waits: $waits', ({ input, waits }) => {
    expect(course(input)).toEqual({ does: [], waits });
  });

  test('of a control plane waits where the kubelet is too old for it, or there is none', () => {
    const order = orderOf(2, 'upgrade-control-plane');
    const parts = { ...observed().parts, kubelet: 'v1.30.9' };
    expect(course(observed({ order, parts, sight: sight(CONTROL_PLANE) })).waits).toBe(
      'version-skew',
    );
    expect(course(observed({ order })).waits).toBe('role-change');
  });

  test('begins with copies, then the disk, then the command', () => {
    const order = orderOf(2, 'upgrade-kubelet');
    expect(decide(observed({ obeyedTerm: 0 })).filter(({ type }) => type !== 'report')).toEqual([
      { type: 'obey', term: 5 },
      { type: 'save-files' },
      { type: 'keep-job', job: jobOf(order, { state: 'running' }) },
      {
        type: 'start-command',
        name: KUBELET,
        argv: ['/opt/k8s/1.34.4/kubeadm', 'upgrade', 'node', '--certificate-renewal=false'],
      },
      { type: 'requeue', afterMs: 1_000 },
    ]);
  });

  test('takes over what an earlier one left half done, without new copies of that', () => {
    const former = {
      ...jobOf(orderOf(2, 'upgrade-kubelet'), { state: 'verifying' }),
      operationId: 'x-1',
    };
    const before = { kubelet: 'v1.32.1', mirrorPods: ['u'] };
    const input = observed({ job: { ...former, before } });
    expect(course(input).does).toEqual(['keep-job', 'start-command']);
    expect(decide(input).find(({ type }) => type === 'keep-job')).toMatchObject({
      job: { before },
    });
    expect(course(observed({ job: { ...former, servesBy: 'another' } })).does[0]).toBe(
      'save-files',
    );
    expect(course(observed({ job: { ...former, kubernetesVersion: OLD } })).does[0]).toBe(
      'save-files',
    );
  });

  test('is told as under way, with the time since when it waits', () => {
    const input = observed({ sight: sight({ isDrained: false }) });
    const [told] = decide(input);
    expect(told).toMatchObject({
      type: 'report',
      upkeep: {
        work: {
          state: 'under-way',
          waiting: { reason: 'drain', sinceWallMs: WALL_MS },
          startedWallMs: WALL_MS,
        },
      },
    });
  });
});

describe('a kubelet that was stopped for an order', () => {
  const job = jobOf(orderOf(2, 'upgrade-kubelet'), { state: 'switching' });

  test.each<{ readonly title: string; readonly input: Observed; readonly starts: boolean }>([
    {
      title: 'that is gone',
      input: observed({ order: undefined, sight: undefined, job, kubeletDown: true }),
      starts: true,
    },
    {
      title: 'that nobody hears of',
      input: observed({ synced: false, job, kubeletDown: true }),
      starts: true,
    },
    {
      title: 'of a host that serves by another operation',
      input: observed({
        servesBy: 'another',
        order: undefined,
        sight: undefined,
        job,
        kubeletDown: true,
      }),
      starts: false,
    },
  ])('$title is started: $starts', ({ input, starts }) => {
    expect(course(input).does.includes('restart-kubelet')).toBe(starts);
  });
});
