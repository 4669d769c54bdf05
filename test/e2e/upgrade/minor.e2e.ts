import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, stop } from '../support/clients.ts';
import { editSpec } from '../support/edit-spec.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom } from '../support/machines.ts';
import { firstOf, wholeAfter } from '../support/until-whole.ts';
import { loadedCluster } from './loaded-cluster.ts';
import { untilUpgraded } from './until-upgraded.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const OLD = 'v1.33.13';
const NEW = 'v1.34.4';
const DEADLINE_MS = 900_000;

describe(`five machines that go from ${OLD} to another minor, ${NEW}`, () => {
  let clients: readonly Client[] = [];

  beforeAll(async () => {
    clients = await loadedCluster(machines, 3, OLD);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test(
    'all get there with a new etcd, nobody misses an answer, and then the log is quiet',
    async () => {
      const told = await editSpec(firstOf(machines), { kubernetesVersion: NEW });
      expect(told).toContain(NEW);
      const rollout = await untilUpgraded(machines, NEW, DEADLINE_MS);
      const tallies = await Promise.all(clients.map(stop));
      await wholeAfter('the upgrade', { machines, controlPlanes: 3 });
      const written = await logWrites(firstOf(machines), 30_000);
      printReport({ title: `${OLD} to ${NEW}`, rollout, tallies, logWrites: written });
      expect(tallies.filter(({ asked }) => asked < 100)).toEqual([]);
      expect(tallies.flatMap(({ failed }) => failed)).toEqual([]);
      expect(written).toBe(0);
    },
    DEADLINE_MS + 600_000,
  );
});
