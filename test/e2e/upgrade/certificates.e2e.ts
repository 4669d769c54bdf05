import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill, sh } from '../../../lab/machine.ts';
import { type Client, startApiClient, stop } from '../support/clients.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { issueKubeletLeaf, issueLeaves, issueServingLeaf } from '../support/issued-leaves.ts';
import { nodesHeardSince } from '../support/kubelet-leases.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom, eventually } from '../support/machines.ts';
import { rolloutsThat } from '../support/rollouts.ts';
import { daysServed, shownToPeersUntil } from '../support/served-leaves.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3', 'n4'];
const expected = { machines, controlPlanes: 3 };
const RENEWED_WITHIN_MS = 400_000;
const HEARD_WITHIN_MS = 120_000;

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

  test('are renewed by one plan after two thirds of their life, one node at a time, and nobody misses an answer', async () => {
    const life = { from: '-3 hours', until: '+1 hour' };
    for (const each of machines) await issueServingLeaf(firstOf(planes), each, life);
    await Promise.all(planes.map((plane) => issueLeaves(plane, life)));
    const machine = firstOf(machines);
    await eventually(
      () => daysServed(planes),
      (days) => tooShort(days).length === 0,
      RENEWED_WITHIN_MS,
    );
    const rollouts = await eventually(
      () => rolloutsThat(machine, 'renew-certificates'),
      (told) => told.every(({ state }) => state === 'done'),
      RENEWED_WITHIN_MS,
    );
    const tallies = await Promise.all(clients.map(stop));
    await wholeAfter('the renewal', expected);
    const written = await logWrites(machine, 30_000);
    for (const rollout of rollouts) {
      printReport({ title: rollout.planId, rollout, tallies, logWrites: written });
    }
    await expectYears();
    expect(rollouts).toHaveLength(1);
    expect(tallies.flatMap(({ failed }) => failed)).toEqual([]);
    expect(written).toBe(0);
  }, 900_000);

  test('that ended while all machines were off are renewed by these without a person', async () => {
    const life = { from: '-13 months', until: '-1 month' };
    await Promise.all(machines.map((machine) => sh(machine, ['systemctl', 'stop', 'civitas'])));
    for (const machine of machines) await issueKubeletLeaf(firstOf(planes), machine, life);
    for (const plane of planes) await issueLeaves(plane, life);
    await kill(machines);
    const bootedWallMs = Date.now();
    await boot(machines);
    await wholeAfter('all machines were off until every certificate was over', expected);
    const heard = await eventually(
      () => nodesHeardSince(firstOf(planes), bootedWallMs),
      ({ length }) => length === machines.length,
      HEARD_WITHIN_MS,
    );
    const seconds = (Date.now() - bootedWallMs) / 1_000;
    process.stdout.write(
      `${heard.join(', ')}: let in again ${seconds.toFixed(1)} s after the boot\n`,
    );
    await wholeAfter('every kubelet was let in again', expected);
    await expectYears();
  }, 600_000);

  test('are none of those that agents show each other', async () => {
    const ends = await Promise.all(machines.map(shownToPeersUntil));
    expect(ends.map((end) => end?.getUTCFullYear())).toEqual(machines.map(() => 2199));
  }, 60_000);

  async function expectYears(): Promise<void> {
    const days = await daysServed(planes);
    process.stdout.write(`days for which certificates are served: ${JSON.stringify(days)}\n`);
    expect(tooShort(days)).toEqual([]);
  }
});

/** Servers with a certificate that was not made today. */
function tooShort(days: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(days).flatMap(([server, left]) => (left < 300 ? server : []));
}
