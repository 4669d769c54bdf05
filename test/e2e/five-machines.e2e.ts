import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createToken, installAgent, startAgent } from '../../lab/agent.ts';
import { waitUntilWhole } from '../../lab/cluster.ts';
import { boot, kill, up } from '../../lab/machine.ts';
import { factsFrom } from './support/cluster-facts.ts';
import { emptyRoom, eventually, kubeadmStarts, kubectl, run } from './support/machines.ts';
import { deployWeb, webAnswers } from './support/web.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const shape = { nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' };
/** Start times within 20 s, in an order that is not the names'. */
const START_AT_MS = { n4: 0, n2: 4_000, n5: 9_000, n1: 13_000, n3: 19_000 };

describe('five machines started in any order within 20 s', () => {
  beforeAll(async () => {
    await emptyRoom();
    await up(machines);
    const token = await createToken(shape);
    await Promise.all(machines.map((machine) => installAgent(machine, token)));
    const startedMs = performance.now();
    await Promise.all(
      Object.entries(START_AT_MS).map(([machine, atMs]) => startLater(machine, atMs)),
    );
    await waitUntilWhole(machines, shape, startedMs);
    const seconds = (performance.now() - startedMs) / 1_000 - 19;
    process.stdout.write(
      `five machines Ready ${seconds.toFixed(1)} s after the last was started\n`,
    );
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('become 3 control planes and 2 workers, all Ready', async () => {
    const nodes = await kubectl(await aControlPlane(), 'get', 'nodes', '--no-headers');
    const rows = nodes.split('\n').map((line) => line.split(/\s+/).slice(1, 3).join(' '));
    expect(rows.sort()).toEqual([
      'Ready <none>',
      'Ready <none>',
      'Ready control-plane',
      'Ready control-plane',
      'Ready control-plane',
    ]);
  });

  test('kubectl works through the load balancer of every node', async () => {
    const config = await run(await aControlPlane(), ['cat', '/etc/kubernetes/admin.conf']);
    expect(config).toContain('https://127.0.0.1:7443');
    const ask =
      'umask 077; cat >/root/kubeconfig; kubectl --kubeconfig /root/kubeconfig --request-timeout=5s get nodes -o name';
    for (const machine of machines) {
      expect((await run(machine, ['sh', '-c', ask], config)).split('\n')).toHaveLength(5);
    }
  });

  test('a Deployment answers on every node', async () => {
    await deployWeb(await aControlPlane(), 5);
    for (const machine of machines) {
      await eventually(
        () => webAnswers(machine),
        (answers) => answers,
        60_000,
      );
    }
  }, 180_000);

  test('a power cut of all five and a boot give the same cluster, and nothing is changed', async () => {
    const controlPlane = await aControlPlane();
    const before = await factsFrom(controlPlane);
    const startsBefore = await starts();
    await kill(machines);
    await boot(machines);
    const after = await eventually(
      () => factsFrom(controlPlane).catch(() => undefined),
      (facts) => facts !== undefined,
      180_000,
    );
    expect(after).toEqual(before);
    for (const machine of machines) {
      await eventually(
        () => webAnswers(machine),
        (answers) => answers,
        120_000,
      );
    }
    expect(await starts()).toEqual(startsBefore);
  }, 300_000);
});

/** How often kubeadm was started on each machine, over power cuts too. */
function starts(): Promise<readonly number[]> {
  return Promise.all(
    machines.map(async (machine) => {
      return (await kubeadmStarts(machine, 'init')) + (await kubeadmStarts(machine, 'join'));
    }),
  );
}

async function startLater(machine: string, atMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, atMs));
  await startAgent(machine);
}

async function aControlPlane(): Promise<string> {
  for (const machine of machines) {
    const found = await run(machine, [
      'sh',
      '-c',
      'test -e /etc/kubernetes/admin.conf && echo yes || true',
    ]);
    if (found === 'yes') return machine;
  }
  throw new Error('no machine is a control plane');
}
