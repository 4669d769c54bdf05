import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill, sh } from '../../../lab/machine.ts';
import { type Client, startApiClient, stop } from '../support/clients.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { issueKubeletLeaf, issueLeaves, servedUntil } from '../support/issued-leaves.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom, eventually } from '../support/machines.ts';
import { newestRollout } from '../support/rollouts.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3', 'n4'];
const expected = { machines, controlPlanes: 3 };
const RENEWED_WITHIN_MS = 400_000;
const DAY_MS = 86_400_000;

describe('certificates that end', () => {
  let planes: readonly string[] = [];
  let clients: readonly Client[] = [];

  beforeAll(async () => {
    await formedCluster({ nodes: 4, controlPlanes: 3, kubernetes: '1.34.4' });
    await wholeAfter('the cluster began', expected);
    planes = await machinesIn('control plane', machines);
    clients = await Promise.all(machines.map(startApiClient));
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('are renewed after two thirds of their life, one node at a time, and nobody misses an answer', async () => {
    const life = { from: '-3 hours', until: '+1 hour' };
    for (const plane of planes) await issueLeaves(plane, life);
    const machine = firstOf(machines);
    const rollout = await eventually(
      () => newestRollout(machine, 'renew-certificates'),
      (told) => told?.state === 'done',
      RENEWED_WITHIN_MS,
    );
    const tallies = await Promise.all(clients.map(stop));
    await wholeAfter('the renewal', expected);
    const written = await logWrites(machine, 20_000);
    if (rollout) printReport({ title: 'renewal', rollout, tallies, logWrites: written });
    await expectYears();
    expect(tallies.flatMap(({ failed }) => failed)).toEqual([]);
    expect(written).toBe(0);
  }, 600_000);

  test('that ended while all machines were off are renewed by these without a person', async () => {
    const life = { from: '-13 months', until: '-1 month' };
    await Promise.all(machines.map((machine) => sh(machine, ['systemctl', 'stop', 'civitas'])));
    for (const machine of machines) await issueKubeletLeaf(firstOf(planes), machine, life);
    for (const plane of planes) await issueLeaves(plane, life);
    await kill(machines);
    await boot(machines);
    await wholeAfter('all machines were off until every certificate was over', expected);
    await expectYears();
  }, 600_000);

  async function expectYears(): Promise<void> {
    const ends = await Promise.all(planes.map(servedUntil));
    const days = ends.map((end) => Math.round((end.getTime() - Date.now()) / DAY_MS));
    process.stdout.write(`API servers serve certificates for ${days.join(', ')} days\n`);
    expect(days.filter((each) => each < 300)).toEqual([]);
  }
});
