import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../../src/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Peers } from '../../../src/ports/peers.ts';
import type { Store } from '../../../src/ports/store.ts';
import { type Prober, startProber } from '../../../src/runtime/probing/prober.ts';
import { createLife, mortalClock } from '../../../src/simulation/fleet/life.ts';
import { createMemoryLink } from '../../../src/simulation/memory-link.ts';
import { createMemoryLog } from '../../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';
import type { NodeId } from '../../../src/state/node-id.ts';
import type { Probe } from '../../../src/state/probe.ts';
import { id, liveness, node } from '../../support/controllers-entries.ts';

const ONE_HOUR_MS = 3_600_000;
const FIVE_MINUTES_MS = 300_000;

/** What happens to a question: it is answered at once or in 20 ms, refused, or nobody ever hears of it. */
type Fate = 'answered' | 'slow' | 'refused' | 'lost';

interface Scene {
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly life: ReturnType<typeof createLife>;
  readonly store: Store;
  readonly prober: Prober;
  /** By the port of the node that is asked. */
  readonly fates: Map<NodeId, Fate>;
  /** Who answers at the address of a node; default: that node. */
  readonly inPlaceOf: Map<NodeId, NodeId>;
  readonly asked: NodeId[];
  readonly news: (readonly Probe[])[];
}

/** n1 asks n2, n3 and n4. */
async function scene(): Promise<Scene> {
  const clock = createVirtualClock();
  const life = createLife(1, () => undefined);
  const own = mortalClock(life, clock);
  const log = createMemoryLog();
  const store = createMemoryStore({ log, link: createMemoryLink() });
  for (const number of [1, 2, 3, 4]) await store.put('node', id(number), node(number), 0);
  const given = { fates: new Map(), inPlaceOf: new Map(), asked: [] as NodeId[] };
  const news: (readonly Probe[])[] = [];
  const prober = startProber({
    clock: own,
    log: { debug: () => undefined },
    peers: { request: (target) => answer(target.nodeId ?? '', own, given) },
    self: { nodeId: id(1) },
    store,
    onNews: (probes) => news.push(probes),
  });
  return { clock, life, store, prober, news, ...given };
}

async function answer(
  nodeId: NodeId,
  clock: Clock,
  { fates, inPlaceOf, asked }: Pick<Scene, 'fates' | 'inPlaceOf' | 'asked'>,
): ReturnType<Peers['request']> {
  asked.push(nodeId);
  const fate = fates.get(nodeId) ?? 'answered';
  if (fate === 'refused') throw new RetryableError('peer.unreachable', 'nobody is there');
  if (fate === 'lost') return new Promise(() => undefined);
  for (const waitMs of fate === 'slow' ? [10, 10] : []) await clock.sleep(waitMs);
  return {
    from: inPlaceOf.get(nodeId) ?? nodeId,
    body: { incarnation: 1, wallMs: clock.wallMs() + ONE_HOUR_MS },
  };
}

function found(of2: Probe['finding']): readonly Probe[] {
  return [
    { nodeId: id(2), incarnation: 1, finding: of2 },
    { nodeId: id(3), incarnation: 1, finding: 'reached' },
    { nodeId: id(4), incarnation: 1, finding: 'reached' },
  ];
}

describe('a prober', () => {
  test('reaches those who answer, and has no news of them', async () => {
    const { clock, prober, news, asked } = await scene();
    await clock.advance(60_000);
    expect(prober.probes()).toEqual(found('reached'));
    expect(news).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(3 * 31);
  });

  test.each<Fate>(['refused', 'lost'])(
    'finds within 5 s who answers no more (%s), says so once, and again when it is back',
    async (fate) => {
      const { clock, prober, news, fates } = await scene();
      await clock.advance(10_500);
      fates.set(id(2), fate);
      await clock.advance(5_000);
      expect(prober.probes()).toEqual(found('silent'));
      await clock.advance(60_000);
      expect(news).toEqual([found('silent')]);
      if (fate === 'lost') return;
      fates.delete(id(2));
      await clock.advance(3_000);
      expect(news).toEqual([found('silent'), found('reached')]);
    },
  );

  test('asks nobody a second time before the first question is over', async () => {
    const { clock, fates, asked } = await scene();
    await clock.advance(10_500);
    fates.set(id(2), 'lost');
    asked.splice(0);
    await clock.advance(60_000);
    expect(asked.filter((nodeId) => nodeId === id(2))).toHaveLength(1);
  });

  test('tells who took the place of another', async () => {
    const { clock, prober, inPlaceOf } = await scene();
    inPlaceOf.set(id(2), id(7));
    await clock.advance(3_000);
    expect(prober.probes()).toEqual(found('replaced'));
  });

  test('takes its own answer, at an address that two have, for none', async () => {
    const { clock, prober, inPlaceOf } = await scene();
    inPlaceOf.set(id(2), id(1));
    await clock.advance(6_000);
    expect(prober.probes()).toEqual(found('silent'));
  });

  test('holds nothing against anybody after it stood still itself', async () => {
    const { clock, life, prober, fates, news } = await scene();
    fates.set(id(2), 'slow');
    await clock.advance(10_005);
    life.pause();
    await clock.advance(5_000);
    life.resume();
    await clock.advance(60_000);
    expect(news).toEqual([]);
    expect(prober.probes()).toEqual(found('reached'));
  });

  test('holds nothing against anybody while it reaches nobody', async () => {
    const { clock, prober, fates, news } = await scene();
    await clock.advance(10_000);
    for (const number of [2, 3, 4]) fates.set(id(number), 'refused');
    await clock.advance(20_000);
    expect(prober.probes()).toEqual([]);
    expect(news).toEqual([]);
  });

  test('goes on asking who it missed, also once that one is called dead', async () => {
    const { clock, store, fates, prober } = await scene();
    await clock.advance(10_000);
    fates.set(id(2), 'refused');
    await clock.advance(10_000);
    await store.put('liveness', id(2), liveness(2, { verdict: 'dead' }), 0);
    await clock.advance(10_000);
    fates.delete(id(2));
    await clock.advance(3_000);
    expect(prober.probes()).toContainEqual(found('reached')[0]);
  });

  test('asks a newcomer soon', async () => {
    const { clock, store, prober } = await scene();
    await clock.advance(10_000);
    await store.put('node', id(5), node(5), 0);
    await clock.advance(3_000);
    expect(prober.probes()).toContainEqual({ nodeId: id(5), incarnation: 1, finding: 'reached' });
  });

  test('tells how long most answers take at their best, once it has asked for five minutes', async () => {
    const { clock, prober, fates } = await scene();
    for (const number of [2, 3]) fates.set(id(number), 'slow');
    await clock.advance(FIVE_MINUTES_MS - 2_000);
    const before = prober.roundTripMs();
    await clock.advance(4_000);
    const after = prober.roundTripMs();
    await clock.advance(FIVE_MINUTES_MS);
    expect([before, after, prober.roundTripMs()]).toEqual([undefined, 0, 20]);
    fates.clear();
    await clock.advance(3_000);
    expect(prober.roundTripMs()).toBe(0);
    await prober.stop();
  });

  test('tells by how much the clocks of others are ahead, and of nobody who is silent for a minute', async () => {
    const { clock, prober, fates, store } = await scene();
    fates.set(id(5), 'lost');
    await store.put('node', id(5), node(5), 0);
    await clock.advance(5_000);
    fates.set(id(2), 'refused');
    const ahead = () => new Map(prober.clocks().map(({ nodeId, aheadMs }) => [nodeId, aheadMs]));
    const others = [
      [id(3), ONE_HOUR_MS],
      [id(4), ONE_HOUR_MS],
    ] as const;
    await clock.advance(30_000);
    expect(ahead()).toEqual(new Map([[id(2), ONE_HOUR_MS], [id(5), null], ...others]));
    await clock.advance(40_000);
    expect(ahead()).toEqual(new Map([[id(2), null], [id(5), null], ...others]));
    await prober.stop();
  });
});
