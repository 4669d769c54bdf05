import { describe, expect, test } from '@jest/globals';
import type { Observed } from '../../../src/controllers/upkeep/observed.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import type { Entry } from '../../../src/state/kinds.ts';
import { assignment, id, spec, status } from '../../support/controllers-entries.ts';
import { enrol, NEW, OLD, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

interface Guarded {
  readonly guard: string;
  readonly when: string;
  readonly controlPlanes?: ClusterSpec['controlPlanes'];
  readonly workers?: number;
  readonly spec?: Partial<ClusterSpec>;
  /** Before the upgrade is wanted. */
  readonly prepare?: (bench: UpkeepBench) => Promise<unknown>;
  /** Once it is wanted. */
  readonly meanwhile?: (bench: UpkeepBench) => Promise<void>;
  /** The mutant: a leader that does not see what the guard looks at. */
  readonly blind: (observed: Observed) => Observed;
  /** What begins without the guard, and never with it. */
  readonly begins: string;
}

type Upgrade = ClusterSpec['upgrade'];

const upgrade = (differs: Partial<Upgrade>) => ({ upgrade: { ...spec().upgrade, ...differs } });
const withUpgrade = (observed: Observed, differs: Partial<Upgrade>): Observed => {
  const entry = observed.spec as Entry<'spec'>;
  return { ...observed, spec: { ...entry, value: { ...entry.value, ...upgrade(differs) } } };
};
const without = (observed: Observed, nodeId: string): Observed => ({
  ...observed,
  nodes: observed.nodes.filter(({ key }) => key !== nodeId),
  assignments: observed.assignments.filter(({ key }) => key !== nodeId),
});
const serving = (observed: Observed): Observed => ({
  ...observed,
  wholeLooks: 10,
  statuses: observed.statuses.map((entry) => {
    const kubernetes = { ...entry.value.kubernetes, nodeReady: true };
    const isPlane = entry.value.role === 'control-plane';
    const value = { ...entry.value, kubernetes: { ...kubernetes, apiServerReady: isPlane } };
    return { ...entry, value };
  }),
});

/** Its API server does not answer, or its kubelet where it has none. */
async function ail(bench: UpkeepBench, number: number): Promise<void> {
  const present = bench.store.get('status', id(number))?.value ?? status(number);
  const isPlane = present.role === 'control-plane';
  const differs = isPlane ? { apiServerReady: false } : { nodeReady: false };
  const kubernetes = { ...present.kubernetes, ...differs };
  await bench.store.set('status', id(number), { ...present, kubernetes });
}

/** People let it go on after this has come about. */
async function beforeApproval(bench: UpkeepBench, comesAbout: () => Promise<void>): Promise<void> {
  await bench.until(() => bench.store.list('rollout').length === 1);
  await comesAbout();
  const planId = bench.store.list('rollout')[0]?.key ?? '';
  await bench.store.set('approval', planId, { planId, approvedWallMs: 0 });
}

const heard = (observed: Observed): Observed => ({
  ...observed,
  livenesses: observed.livenesses.map((entry) => {
    return { ...entry, value: { ...entry.value, verdict: 'alive' as const } };
  }),
});

const GUARDED: readonly Guarded[] = [
  {
    guard: 'everyone-reachable',
    when: 'a node is not heard, and not dead for certain',
    prepare: (bench) => bench.judge(4, 'suspect'),
    blind: heard,
    begins: `upgrade-control-plane n1 ${NEW}`,
  },
  {
    guard: 'node-serves',
    when: 'a node is not heard any more since it was planned',
    spec: upgrade({ policy: 'approve' }),
    meanwhile: (bench) => beforeApproval(bench, () => bench.judge(4, 'suspect')),
    blind: heard,
    begins: `prepare n4 ${NEW}`,
  },
  {
    guard: 'prepared-everywhere',
    when: 'a node lost the programs again',
    meanwhile: async (bench) => {
      await bench.until(() => bench.journal.includes(`upgrade-control-plane n1 ${NEW}`));
      const upkeep = bench.store.get('upkeep', id(5))?.value;
      if (upkeep) await bench.store.set('upkeep', id(5), { ...upkeep, prepared: [] });
    },
    blind: (observed) => ({
      ...observed,
      upkeeps: observed.upkeeps.map((entry) => {
        return { ...entry, value: { ...entry.value, prepared: [NEW] } };
      }),
    }),
    begins: `upgrade-control-plane n2 ${NEW}`,
  },
  {
    guard: 'control-planes-whole',
    when: 'an API server does not answer',
    prepare: (bench) => ail(bench, 2),
    blind: serving,
    begins: `upgrade-control-plane n1 ${NEW}`,
  },
  {
    guard: 'survey-passed',
    when: 'the survey found something',
    prepare: async ({ faults }) => {
      faults.surveyFails = true;
    },
    blind: (observed) => ({
      ...observed,
      surveys: observed.surveys.map((entry) => {
        return { ...entry, value: { ...entry.value, findings: [] } };
      }),
    }),
    begins: `upgrade-control-plane n1 ${NEW}`,
  },
  {
    guard: 'max-unavailable',
    when: 'another node is not Ready',
    prepare: (bench) => ail(bench, 5),
    blind: (observed) => withUpgrade(observed, { maxUnavailable: 2 }),
    begins: `upgrade-control-plane n1 ${NEW}`,
  },
  {
    guard: 'paused',
    when: 'the spec says so',
    spec: upgrade({ paused: true }),
    blind: (observed) => withUpgrade(observed, { paused: false }),
    begins: `prepare n1 ${NEW}`,
  },
  {
    guard: 'approval',
    when: 'people want to be asked and were not',
    spec: upgrade({ policy: 'approve' }),
    blind: (observed) => ({
      ...observed,
      approvals: observed.rollouts.map(({ key, revision }) => {
        const value = { planId: key, approvedWallMs: 0 };
        return { kind: 'approval', key, revision, value };
      }),
    }),
    begins: `prepare n1 ${NEW}`,
  },
  {
    guard: 'window',
    when: 'it is not the time',
    // The bench begins at midnight and comes to rest long before noon.
    spec: upgrade({ policy: 'window', window: { start: '12:00', lengthMinutes: 60 } }),
    blind: (observed) => ({ ...observed, wallMs: 12 * 3_600_000 }),
    begins: `prepare n1 ${NEW}`,
  },
  {
    guard: 'failed-before',
    when: 'a node failed',
    prepare: async ({ faults }) => {
      faults.failing.add('upgrade-control-plane n1');
    },
    blind: (observed) => ({
      ...observed,
      progresses: observed.progresses.map((entry) => {
        return { ...entry, value: { ...entry.value, pausedRevision: null } };
      }),
    }),
    begins: `upgrade-control-plane n2 ${NEW}`,
  },
];

describe('an upgrade does not go on', () => {
  test.each(GUARDED)('while $when', async ({ guard, begins, ...setting }) => {
    const bench = await begun(setting);
    await bench.rest();
    expect(bench.told()).toContain(`waits for ${guard}`);
    expect(bench.journal).not.toContain(begins);
    expect(bench.breaches).toEqual([]);
  });

  test.each(GUARDED)('and a leader that is blind to it is found out: $guard', async (setting) => {
    const bench = await begun(setting, setting.blind);
    await bench.until(() => bench.journal.includes(setting.begins));
  });
});

describe('a row of ten looks', () => {
  /** Seconds from one control plane to the next. */
  const secondsBetween = async (bench: UpkeepBench, meanwhile = async (_second: number) => {}) => {
    let seconds = 0;
    const times: number[] = [];
    await bench.until(() => {
      seconds += 1;
      void meanwhile(seconds - (times[0] ?? seconds));
      const planes = bench.journal.filter((line) => line.startsWith('upgrade-control-plane'));
      if (planes.length > times.length) times.push(seconds);
      return times.length === 3;
    });
    return times.slice(1).map((time, index) => time - (times[index] ?? 0));
  };

  test('is waited for by each leader anew, and between control planes', async () => {
    const [first = 0, second = 0] = await secondsBetween(await begun({}));
    expect(Math.min(first, second)).toBeGreaterThanOrEqual(10);
    const hasty = await begun({}, (observed) => ({ ...observed, wholeLooks: 10 }));
    expect(Math.max(...(await secondsBetween(hasty)))).toBeLessThan(10);
  });

  test.each([
    { provesForMs: 4_000, least: 10, most: 14 },
    { provesForMs: 12_000, least: 12, most: 14 },
    { provesForMs: 20_000, least: 20, most: 22 },
  ])('goes by while a node watches itself for $provesForMs ms', async (row) => {
    const { provesForMs, least, most } = row;
    const bench = await begun({});
    bench.faults.provesForMs = provesForMs;
    const between = await secondsBetween(bench);
    expect(Math.min(...between)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...between)).toBeLessThanOrEqual(most);
  });

  test('begins anew when a control plane ails while another one watches itself', async () => {
    const bench = await begun({});
    bench.faults.provesForMs = 12_000;
    const [first = 0] = await secondsBetween(bench, async (second) => {
      const present = bench.store.get('status', id(3))?.value;
      if (!present || (second !== 9 && second !== 10)) return;
      const kubernetes = { ...present.kubernetes, apiServerReady: second === 10 };
      await bench.store.set('status', id(3), { ...present, kubernetes });
    });
    expect(first).toBeGreaterThanOrEqual(20);
  });
});

describe('while a node joins', () => {
  const joining = async (bench: UpkeepBench) => {
    await enrol(bench.store, 6, false, OLD);
    const term = bench.store.get('leadership', 'current')?.revision ?? 0;
    await bench.store.set('assignment', id(6), assignment(6, { term, operationId: 'again-1' }));
  };

  test('nobody is disturbed, and nothing is planned', async () => {
    const bench = await begun({ prepare: joining });
    await bench.rest();
    expect({ told: bench.told(), journal: bench.journal }).toEqual({
      told: ['waits for one-change'],
      journal: [],
    });
  });

  test('an order that was decided from an older copy is refused', async () => {
    const bench = await begun({}, (observed) => without(observed, id(6)));
    await bench.until(() => bench.journal.includes(`prepare n5 ${NEW}`));
    await joining(bench);
    await expect(bench.rest()).rejects.toMatchObject({ code: 'upkeep.other-change' });
    expect(bench.journal.filter((line) => line.startsWith('upgrade'))).toEqual([]);
  });

  test('and one that failed for good keeps nobody waiting', async () => {
    const bench = await begun({
      prepare: async (each) => {
        await joining(each);
        await each.store.set('status', id(6), status(6, { phase: 'failed' }));
      },
    });
    await bench.rest();
    expect(bench.told()).toEqual(['waits for everyone-reachable']);
  });
});

describe('while a control plane mends what was changed by hand', () => {
  const mending = (bench: UpkeepBench) =>
    bench.store.set('drift', id(2), {
      nodeId: id(2),
      incarnation: 1,
      deviations: [
        { item: 'manifest:etcd', message: 'it differs', state: 'repairing', sinceWallMs: 0 },
      ],
    });

  test('nobody is disturbed', async () => {
    const bench = await begun({ prepare: mending });
    await bench.rest();
    expect(bench.journal.filter((line) => line.startsWith('upgrade'))).toEqual([]);
    expect(bench.told()).toEqual(['waits for one-change']);
  });

  test('an order that was decided from an older copy is refused', async () => {
    const bench = await begun({ prepare: mending }, (observed) => ({ ...observed, drifts: [] }));
    await expect(bench.rest()).rejects.toMatchObject({ code: 'upkeep.other-change' });
  });
});

test('a cluster that is about to get another control plane is not upgraded before', async () => {
  const bench = await begun({ controlPlanes: 1, workers: 2, spec: { controlPlanes: 3 } });
  await bench.rest();
  expect({ told: bench.told(), journal: bench.journal }).toEqual({
    told: ['waits for grown-up'],
    journal: [],
  });
});

describe('a node that is drained, as people asked', () => {
  const drained = (bench: UpkeepBench) =>
    beforeApproval(bench, async () => {
      const asked = { type: 'drain', nodeId: id(5), incarnation: 1, askedWallMs: 0 } as const;
      await bench.store.set('request', id(5), asked);
      await bench.until(() => bench.store.get('order', id(5)) !== undefined);
    });
  const setting = { spec: upgrade({ policy: 'approve' }), meanwhile: drained };
  const forgetting = (observed: Observed): Observed => ({ ...observed, orders: [], requests: [] });

  test('gets no other order', async () => {
    const bench = await begun(setting);
    await bench.rest();
    expect(bench.told()).toContain('waits for node-busy');
    expect(bench.store.get('order', id(5))?.value.task).toBe('drain');
  });

  test('and a leader that does not see the one it has is refused', async () => {
    const unapproved = (observed: Observed) => observed.approvals.length === 0;
    const bench = await begun(setting, (observed) =>
      unapproved(observed) ? observed : forgetting(observed),
    );
    await expect(bench.rest()).rejects.toMatchObject({ code: 'store.conflict' });
    expect(bench.store.get('order', id(5))?.value.task).toBe('drain');
  });
});

async function begun(
  { prepare, meanwhile, controlPlanes = 3, workers = 2, spec: wanted }: Partial<Guarded>,
  blind: (observed: Observed) => Observed = (observed) => observed,
): Promise<UpkeepBench> {
  const bench = await upkeepBench({
    controlPlanes,
    workers,
    ...(wanted && { spec: wanted }),
    altered: (upkeep) => ({ ...upkeep, decide: (observed) => upkeep.decide(blind(observed)) }),
  });
  await prepare?.(bench);
  await bench.edit({ kubernetesVersion: NEW });
  await meanwhile?.(bench);
  return bench;
}
