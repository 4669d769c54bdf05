import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { RetryableError } from '../../src/errors.ts';
import type { StoreHandle } from '../../src/ports/store.ts';
import { createLeases, type RunningLeases } from '../../src/runtime/log/leases.ts';
import { createStore } from '../../src/runtime/log/store.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import { createLogReplicas, type LogReplicas } from '../support/log-replicas.ts';

// An election among the replicas takes up to 9 s each time.
jest.setTimeout(60_000);

const nodeId = 'aaaaaaaaaaa';

describe('the log', () => {
  let replicas: LogReplicas;
  let store: StoreHandle;
  let leases: RunningLeases;
  let whyWaiting: () => string | undefined;
  let written = 0;

  beforeAll(async () => {
    replicas = await createLogReplicas();
    await replicas.startAll();
    const log = replicas.open('writer');
    const { entries, leases: bucket, beats } = log;
    whyWaiting = log.whyWaiting;
    store = createStore({ bucket: entries });
    const self = { nodeId, incarnation: 1 };
    leases = createLeases({ bucket, beats, clock: createSystemClock(), self });
    await store.ready;
  });

  afterAll(async () => {
    leases.stop();
    await store.stop();
    await replicas.destroy();
  });

  /** One more acknowledged entry, however often it takes. */
  async function write(): Promise<void> {
    const key = `entry-${String(written).padStart(4, '0')}`;
    const value: Liveness = { nodeId, incarnation: 1, verdict: 'alive', evidence: key };
    await insist(() =>
      store.put('liveness', key, value, store.get('liveness', key)?.revision ?? 0),
    );
    written += 1;
  }

  /** Entries as an agent has them that starts now. */
  async function freshCount(): Promise<number> {
    const fresh = createStore({ bucket: replicas.open('reader').entries });
    await fresh.ready;
    const count = fresh.list('liveness').length;
    await fresh.stop();
    return count;
  }

  test('loses no acknowledged write when the replica that leads it is killed', async () => {
    for (let index = 0; index < 50; index++) await write();
    const victim = await replicas.leaderOf('log');
    await replicas.kill(victim);
    for (let index = 0; index < 50; index++) await write();
    await replicas.start(victim);
    expect({ written, fresh: await freshCount() }).toEqual({ written: 100, fresh: 100 });
  });

  test('after a power cut confirms nothing with one replica, and everything with two', async () => {
    await insist(() => leases.claimLeader(leases.leaderLease().revision));
    await insist(() => leases.beatLeader(7));
    await replicas.killAll();
    await until(() => !store.synced);
    expect(await refusalOf(() => leases.beat())).toMatchObject({ code: 'lease.unconfirmed' });

    await replicas.start(2);
    const put = store.put('leadership', 'current', { nodeId: null, incarnation: 0 }, 0);
    await expect(put).rejects.toMatchObject({ code: 'store.unavailable', retryable: true });
    await until(() => whyWaiting()?.includes('1 of 3 replicas answer') ?? false);

    await replicas.start(0);
    await write();
    await insist(() => leases.beatLeader(7));
    await until(() => store.synced);
    expect({ waiting: whyWaiting(), written, fresh: await freshCount() }).toEqual({
      waiting: undefined,
      written: 101,
      fresh: 101,
    });
  });
});

/** The watch may have heard of it before the connection did: until that too is gone, beats are sent. */
async function refusalOf(work: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await work();
    } catch (error) {
      return error;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      await delay(20);
    }
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}
