import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Client, stop } from '../support/clients.ts';
import { editSpec } from '../support/edit-spec.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom } from '../support/machines.ts';
import { firstOf, wholeAfter } from '../support/until-whole.ts';
import { loadedCluster } from './loaded-cluster.ts';
import { untilUpgraded } from './until-upgraded.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const DEADLINE_MS = 900_000;

interface Upgrade {
  readonly from: string;
  readonly to: string;
}

/** The test `title`: five machines are upgraded while clients ask the API and a workload, and miss nothing. */
export function upgradeUnderLoad(title: string, { from, to }: Upgrade): void {
  let clients: readonly Client[] = [];

  beforeAll(async () => {
    clients = await loadedCluster(machines, 3, from);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test(
    title,
    async () => {
      const told = await editSpec(firstOf(machines), { kubernetesVersion: to });
      expect(told).toContain(to);
      const rollout = await untilUpgraded(machines, to, DEADLINE_MS);
      const tallies = await Promise.all(clients.map(stop));
      await wholeAfter('the upgrade', { machines, controlPlanes: 3 });
      const written = await logWrites(firstOf(machines), 30_000);
      printReport({ title: `${from} to ${to}`, rollout, tallies, logWrites: written });
      expect(tallies.filter(({ asked }) => asked < 100)).toEqual([]);
      expect(tallies.flatMap(({ failed }) => failed)).toEqual([]);
      expect(written).toBe(0);
    },
    DEADLINE_MS + 600_000,
  );
}
