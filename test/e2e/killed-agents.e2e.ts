import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createToken, installAgent, startAgent } from '../../lab/agent.ts';
import { waitUntilWhole } from '../../lab/cluster.ts';
import { sh, up } from '../../lab/machine.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { emptyRoom, kubeadmStarts, viewOf } from './support/machines.ts';

const machines = ['n1', 'n2', 'n3'];
const KILLS = 10;
const WITHIN_MS = 40_000;
const SEED = 20_261_121;

describe('agents killed at ten moments while the cluster forms', () => {
  beforeAll(async () => {
    await emptyRoom();
    await up(machines);
    const token = await createToken({ nodes: 3, controlPlanes: 3, kubernetes: '1.34.4' });
    await Promise.all(machines.map((machine) => installAgent(machine, token)));
    const startedMs = performance.now();
    await Promise.all(machines.map(startAgent));
    await killAtRandom();
    await waitUntilWhole(machines, { nodes: 3, controlPlanes: 3 }, startedMs);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('found one cluster with one kubeadm init', async () => {
    const views = await Promise.all(machines.map(viewOf));
    expect(new Set(views.map(({ clusterId }) => clusterId)).size).toBe(1);
    const starts = await Promise.all(machines.map((machine) => kubeadmStarts(machine, 'init')));
    expect(starts.sort()).toEqual([0, 0, 1]);
  });
});

async function killAtRandom(): Promise<void> {
  const random = createSeededRandom(SEED);
  const moments = Array.from({ length: KILLS }, () => random.number() * WITHIN_MS).sort(
    (a, b) => a - b,
  );
  const startedMs = performance.now();
  for (const atMs of moments) {
    await new Promise((resolve) => setTimeout(resolve, atMs - (performance.now() - startedMs)));
    const machine = machines[Math.floor(random.number() * machines.length)] ?? 'n1';
    await sh(machine, ['systemctl', 'kill', '--signal=KILL', 'civitas']);
    process.stdout.write(`${(atMs / 1_000).toFixed(1)} s: agent of ${machine} killed\n`);
  }
}
