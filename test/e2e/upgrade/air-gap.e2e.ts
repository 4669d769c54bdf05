import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { up } from '../../../lab/machine.ts';
import { plainTable } from '../../../src/cli/plain-table.ts';
import { cordoned } from '../support/cordoned.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster, newcomer } from '../support/formed-cluster.ts';
import { logWrites } from '../support/log-writes.ts';
import { civitas, emptyRoom, eventually, run } from '../support/machines.ts';
import { countPeers, forgetPeers, mebibytesFrom } from '../support/peer-traffic.ts';
import { damagedCopy, makeBundle, takeReleaseAway } from '../support/release-bundle.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { disturbing, planSays, rolloutThere } from './told-rollout.ts';
import { untilUpgraded } from './until-upgraded.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3'];
const LATE = 'n4';
const OLD = 'v1.34.3';
const NEW = 'v1.34.4';
const FOLDER = '/usr/lib/civitas/kubernetes/1.34.4';
const QUIET_MS = 10_000;
const PASSED_ON_WITHIN_MS = 400_000;
const DEADLINE_MS = 600_000;

describe(`${NEW} for machines that nothing but a bundle can bring it to`, () => {
  let token = '';
  let bundle = '';
  let plane = '';
  /** A worker that people give the bundle to, and one whose agent can not talk to that of the first. */
  let [given, apart] = ['', ''];

  beforeAll(async () => {
    token = await formedCluster({ nodes: 3, controlPlanes: 1, kubernetes: OLD.slice(1) });
    await wholeAfter('the cluster began', { machines, controlPlanes: 1 });
    plane = firstOf(await machinesIn('control plane', machines));
    [given = '', apart = ''] = await machinesIn('worker', machines);
    bundle = await makeBundle(given, NEW);
    await Promise.all(machines.map((machine) => takeReleaseAway(machine, NEW)));
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('is waited for, and the cure is named, before any node is touched', async () => {
    await editSpec(plane, { kubernetesVersion: NEW });
    await planSays({ machine: plane, release: NEW }, /Nobody .* has .*civitas bundle load/);
    await expectUntouched();
  }, 300_000);

  test('is refused of a bundle of which one byte was changed, and nothing of it is kept', async () => {
    const refused = await civitas(given, 'bundle', 'load', await damagedCopy(given, bundle));
    process.stdout.write(`${refused.stderr}\n`);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/kubeadm .* has the SHA-256 [0-9a-f]{64} instead of/);
    expect(await run(given, ['find', '/var/lib/civitas/bundle', '-type', 'f'])).toBe('');
    await expectUntouched();
  }, 120_000);

  test('is passed on from node to node, and every node upgraded', async () => {
    for (const machine of machines) {
      await countPeers(machine, othersThan(machine), machine === apart ? given : undefined);
    }
    const loaded = await civitas(given, 'bundle', 'load', bundle);
    process.stdout.write(`${loaded.stdout}\n`);
    expect(loaded).toMatchObject({ exitCode: 0 });
    await untilPrepared();
    expect(await printTraffic()).toMatchObject({ [given]: 0 });
    await Promise.all(machines.map(forgetPeers));
    const rollout = await untilUpgraded(machines, NEW, DEADLINE_MS);
    await wholeAfter('the upgrade', { machines, controlPlanes: 1 });
    const written = await logWrites(plane, 30_000);
    printReport({ title: `${OLD} to ${NEW}`, rollout, tallies: [], logWrites: written });
    expect(await Promise.all(machines.map(kubeletOf))).toEqual(machines.map(() => FOLDER));
    expect(written).toBe(0);
  }, 1_100_000);

  test('is what a newcomer gets as well', async () => {
    await up([LATE]);
    await takeReleaseAway(LATE, NEW);
    await newcomer(LATE, token);
    await wholeAfter('a newcomer', { machines: [...machines, LATE], controlPlanes: 1 });
    expect(await kubeletOf(LATE)).toBe(FOLDER);
  }, 300_000);

  async function expectUntouched(): Promise<void> {
    await sleep(QUIET_MS);
    const rollout = await rolloutThere({ machine: plane, release: NEW });
    expect(disturbing(rollout)).toEqual([]);
    expect(await cordoned(plane)).toBe('');
  }

  async function untilPrepared(): Promise<void> {
    const startedMs = performance.now();
    await eventually(
      () => rolloutThere({ machine: plane, release: NEW }),
      ({ steps }) => steps.every(({ stage, state }) => stage !== 'prepare' || state === 'done'),
      PASSED_ON_WITHIN_MS,
    );
    const seconds = (performance.now() - startedMs) / 1_000;
    process.stdout.write(`every node has ${NEW} ${seconds.toFixed(1)} s after it was loaded\n`);
  }

  /** What the agent of each machine got of each other, in MiB; resolves to that of the one apart. */
  async function printTraffic(): Promise<Readonly<Record<string, number>>> {
    const traffic = await Promise.all(machines.map(mebibytesFrom));
    const rows = machines.map((machine, index) => [
      machine,
      ...machines.map((from) => String(traffic[index]?.[from] ?? '-')),
    ]);
    process.stdout.write(`${plainTable(['MIB OF', ...machines], rows)}\n`);
    return traffic[machines.indexOf(apart)] ?? {};
  }
});

function othersThan(machine: string): readonly string[] {
  return machines.filter((each) => each !== machine);
}

/** The folder of the kubelet that a machine runs. */
async function kubeletOf(machine: string): Promise<string> {
  const script = 'dirname $(readlink --canonicalize /usr/local/bin/kubelet)';
  return (await run(machine, ['sh', '-c', script])).trim();
}
