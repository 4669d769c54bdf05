import { describe, expect, test } from '@jest/globals';
import type { Beat } from '../../../src/ports/beats.ts';
import type { KubeNodeLease } from '../../../src/ports/kube-objects.ts';
import { startObserving } from '../../../src/runtime/probing/observing.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';
import type { Probe } from '../../../src/state/probe.ts';
import { controlPlaneAssignment, id, node, served } from '../../support/controllers-entries.ts';
import { FakeStore } from '../../support/controllers-store.ts';

const silent: Probe = { nodeId: id(3), incarnation: 1, finding: 'silent' };

/** n1 among n2, which answers, and n3, which is dead. */
async function scene(leases: () => Promise<readonly KubeNodeLease[]> = async () => []) {
  const clock = createVirtualClock();
  const store = new FakeStore();
  const sent: Beat[] = [];
  const hears: ((beat: Beat) => void)[] = [];
  for (const number of [1, 2, 3]) await store.set('node', id(number), node(number));
  const observers = startObserving({
    clock,
    store,
    log: { debug: () => undefined },
    kube: { nodeLeases: leases },
    self: { nodeId: id(1), incarnation: 1 },
    beats: {
      send: (beat) => sent.push(beat) > 0,
      listen: (callback) => {
        hears.push(callback);
        return () => undefined;
      },
    },
    peers: {
      request: async ({ nodeId = '' }) => {
        if (nodeId === id(3)) throw new Error('nobody is there');
        return { from: nodeId, body: { incarnation: 1 } };
      },
    },
  });
  const hear = (beat: Beat) => hears.forEach((callback) => void callback(beat));
  return { clock, observers, sent, hear, store };
}

test('tells all agents at once whom this one misses, and shows it', async () => {
  const { clock, observers, sent } = await scene();
  await clock.advance(5_000);
  expect(sent).toEqual([{ nodeId: id(1), incarnation: 1, probes: [reachedTwo(), silent] }]);
  expect([...observers.missed()]).toEqual([id(3)]);
});

test('keeps what others find beside what it finds itself, until they are heard no more', async () => {
  const { clock, observers, hear } = await scene();
  await clock.advance(5_000);
  hear({ nodeId: id(2), incarnation: 1, probes: [silent] });
  const own = { observer: id(1), probes: [reachedTwo(), silent] };
  expect(observers.reports()).toEqual([own, { observer: id(2), probes: [silent] }]);
  await clock.advance(26_000);
  expect(observers.reports()).toEqual([own]);
});

test('of itself it believes itself, not its own old beat', async () => {
  const { clock, observers, hear } = await scene();
  await clock.advance(5_000);
  hear({ nodeId: id(1), incarnation: 1, probes: [] });
  expect(observers.reports()).toEqual([{ observer: id(1), probes: [reachedTwo(), silent] }]);
});

describe('on a control plane', () => {
  const beating: Probe = { nodeId: id(3), incarnation: 1, finding: 'kubelet-beats' };

  /** The kubelets of n3 and n8 renew their leases every ten seconds until that moment. */
  async function watching(untilMs: number) {
    const start = { nowMs: () => 0 };
    const seen = await scene(async () => {
      const renewedWallMs = Math.floor(Math.min(start.nowMs(), untilMs) / 10_000);
      return ['n3', 'n8'].map((node) => ({ node, renewedWallMs }));
    });
    start.nowMs = seen.clock.nowMs;
    await seen.store.set('status', id(1), served(controlPlaneAssignment(1)));
    return seen;
  }

  test('an agent that is gone is told apart from a machine that is', async () => {
    const { clock, observers } = await watching(Number.POSITIVE_INFINITY);
    await clock.advance(120_000);
    expect(observers.probes()).toEqual([beating, reachedTwo()]);
  });

  test('a kubelet that does not renew its lease for 20 s is silent like its agent', async () => {
    const { clock, observers } = await watching(0);
    await clock.advance(10_000);
    const before = observers.probes();
    await clock.advance(20_000);
    expect([before, observers.probes()]).toEqual([
      [beating, reachedTwo()],
      [reachedTwo(), silent],
    ]);
  });

  test('a kubelet is watched for whoever misses its agent', async () => {
    const { clock, observers, hear, store } = await watching(Number.POSITIVE_INFINITY);
    for (const number of [4, 5, 6, 7, 8]) await store.set('node', id(number), node(number));
    hear({ nodeId: id(7), incarnation: 1, probes: [{ ...silent, nodeId: id(8) }] });
    await clock.advance(5_000);
    expect(observers.probes()).toContainEqual({ ...beating, nodeId: id(8) });
  });
});

test('a worker asks no API server', async () => {
  const asked: string[] = [];
  const { clock } = await scene(async () => {
    asked.push('asked');
    return [];
  });
  await clock.advance(60_000);
  expect(asked).toEqual([]);
});

function reachedTwo(): Probe {
  return { nodeId: id(2), incarnation: 1, finding: 'reached' };
}
