import { afterAll, beforeAll } from '@jest/globals';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { LogConnection } from '../../src/ports/log-connection.ts';
import type { StoreHandle } from '../../src/ports/store.ts';
import { createLeases, type RunningLeases } from '../../src/runtime/log/leases.ts';
import { createStore } from '../../src/runtime/log/store.ts';
import { leasesContract } from '../contracts/leases.contract.ts';
import { storeContract } from '../contracts/store.contract.ts';
import { emptyBucket } from '../support/bucket-sweep.ts';
import { createLogReplicas, type LogReplicas } from '../support/log-replicas.ts';

/** All tests share one log, as to start one costs seconds. */
let replicas: LogReplicas;
let logs: readonly LogConnection[];

function log(index: number): LogConnection {
  const found = logs[index];
  if (!found) throw new Error(`a contract opens at most ${logs.length} agents`);
  return found;
}

beforeAll(async () => {
  replicas = await createLogReplicas();
  await replicas.startAll();
  logs = ['one', 'two', 'three'].map((name) => replicas.open(name));
  await emptyBucket(log(0).entries);
}, 120_000);

afterAll(async () => {
  await replicas.destroy();
});

storeContract(async () => {
  const stores: StoreHandle[] = [];
  return {
    async openStore() {
      const store = createStore({ bucket: log(stores.length).entries });
      stores.push(store);
      await store.ready;
      return store;
    },
    async writeRaw(path, text) {
      await log(0).entries.write(path, text, undefined);
    },
    async close() {
      await emptyBucket(log(0).entries);
      await Promise.all(stores.map((store) => store.stop()));
    },
  };
});

leasesContract(async () => {
  const clock = createSystemClock();
  const opened: RunningLeases[] = [];
  return {
    async open(nodeId) {
      const { leases: bucket, beats } = log(opened.length);
      const leases = createLeases({ bucket, beats, clock, self: { nodeId, incarnation: 1 } });
      opened.push(leases);
      return leases;
    },
    async close() {
      for (const leases of opened) leases.stop();
      await emptyBucket(log(0).leases);
    },
  };
});
