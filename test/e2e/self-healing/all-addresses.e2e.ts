import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill, sh } from '../../../lab/machine.ts';
import { address } from '../../../lab/machine-name.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { logHolders } from '../support/leaders.ts';
import { untilLogSurvives } from '../support/log-survives.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom, kubectl, run, viewOf } from '../support/machines.ts';
import { placeOfReplica, placesOfControlPlane, placesOfNode } from '../support/places.ts';
import { podsOn } from '../support/pods-on.ts';
import { configureAddress } from '../support/renumber.ts';
import { untilNamed } from '../support/until-named.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { healthyVoters } from '../support/voters.ts';
import { deployWeb } from '../support/web.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const expected = { machines, controlPlanes: 3 };
/** The fence of a boot opens while the log is silent: Kubernetes starts at addresses that it does not know. */
const PEOPLE_COME_AFTER_MS = 90_000;
const FOLLOWS_WITHIN_MS = 180_000;
const QUIET_MS = 30_000;
const OLD_NETWORK = '10.88.0.0/24';
/** Whatever names addresses on a machine. */
const NAMING = [
  '/etc/kubernetes',
  '/etc/civitas/haproxy',
  '/etc/systemd/system',
  '/var/lib/kubelet/kubeadm-flags.env',
  '/var/lib/civitas/log/*/nats.conf',
];

/** The steps of docs/addresses.md, one after the other, as people do them. */
describe('machines that were all moved to another network', () => {
  let planes: readonly string[] = [];
  let nodesBefore = '';
  let podsBefore: readonly string[] = [];

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    await wholeAfter('the cluster began', expected);
    planes = await machinesIn('control plane', machines);
    await deployWeb(firstOf(planes), 5);
    nodesBefore = await nodeUids();
    podsBefore = await podUids();
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('wait, as nobody finds the log, and say so', async () => {
    for (const machine of machines) await configureAddress(machine, addressNow(machine));
    await kill(machines);
    await boot(machines);
    await sleep(PEOPLE_COME_AFTER_MS);
    const views = await Promise.all(machines.map(viewOf));
    process.stdout.write(`${firstOf(views.map(({ summary }) => summary))}\n`);
    expect(views.map(({ phase }) => phase)).toEqual(machines.map(() => 'connecting'));
  }, 300_000);

  test('are the cluster that they were with their old addresses beside the new ones', async () => {
    await onAll(() => 'systemctl stop civitas kubelet');
    await onAll(oldAddressBeside);
    await onAll(reachesAllOthers);
    await onAll(() => 'systemctl start kubelet civitas');
    await wholeAfter('steps 1 to 4', expected);
    expect(await nodeUids()).toBe(nodesBefore);
    expect(await podUids()).toEqual(podsBefore);
  }, 300_000);

  test('exchange them one after the other', async () => {
    const holders = await logHolders(machines);
    const workers = machines.filter((name) => !planes.includes(name));
    for (const machine of [...planes, ...workers]) {
      await run(machine, ['sh', '-ec', withoutOldAddress(machine)]);
      const isPlane = planes.includes(machine);
      const plane = firstOf(planes.filter((name) => name !== machine));
      const asked = { plane, others: machines.filter((name) => name !== machine) };
      const to = addressNow(machine);
      const places = [
        ...placesOfNode(machine, asked),
        ...(isPlane ? placesOfControlPlane(machine, to, asked) : []),
        ...(holders.includes(machine) ? [placeOfReplica(machine)] : []),
      ];
      await untilNamed(to, places, FOLLOWS_WITHIN_MS);
      await wholeAfter(`${machine} without its old address`, expected);
    }
    expect(await healthyVoters(firstOf(planes))).toEqual(
      planes.map((name) => `https://${addressNow(name)}:2380`).sort(),
    );
    expect(await logHolders(machines)).toEqual(holders);
    expect(await nodeUids()).toBe(nodesBefore);
    expect(await podUids()).toEqual(podsBefore);
  }, 1_200_000);

  test('name their own old addresses nowhere, and need them at no boot', async () => {
    expect(await Promise.all(machines.map(filesWithOldAddress))).toEqual(machines.map(() => ''));
    await kill(machines);
    await boot(machines);
    await wholeAfter('power cut and boot of all', expected);
    await untilLogSurvives(firstOf(await logHolders(machines)), firstOf(planes));
    await wholeAfter('the log went on without a replica', expected);
    expect(await logWrites(firstOf(planes), QUIET_MS)).toBe(0);
  }, 400_000);

  async function podUids(): Promise<readonly string[]> {
    const pods = await podsOn(firstOf(planes), 'web', machines);
    return pods.map((line) => line.split(' ').slice(0, 2).join(' '));
  }

  function nodeUids(): Promise<string> {
    const uids = 'jsonpath={range .items[*]}{.metadata.name}={.metadata.uid} {end}';
    return kubectl(firstOf(planes), 'get', 'nodes', '-o', uids);
  }
});

/** n4 has 10.88.0.4 at first. */
function addressNow(machine: string): string {
  return address(machine).replace('10.88.', '10.99.');
}

async function onAll(script: (machine: string) => string): Promise<void> {
  await Promise.all(machines.map((machine) => run(machine, ['sh', '-ec', script(machine)])));
}

function oldAddressBeside(machine: string): string {
  return `ip address add ${address(machine)}/24 dev host0`;
}

function reachesAllOthers(machine: string): string {
  const pings = othersOf(machine).map(
    (other) => `ping -c 1 -W 2 -I ${address(machine)} ${address(other)}`,
  );
  return pings.join('\n');
}

/** Those that have their old addresses yet are reached there all the same. */
function withoutOldAddress(machine: string): string {
  return `ip address delete ${address(machine)}/24 dev host0
    ip route replace ${OLD_NETWORK} dev host0
    systemctl restart civitas`;
}

function othersOf(machine: string): readonly string[] {
  return machines.filter((name) => name !== machine);
}

/** A line for each file of a machine that names the address that it had; empty when there is none. */
async function filesWithOldAddress(machine: string): Promise<string> {
  const old = `${address(machine).replaceAll('.', '[.]')}([^0-9]|$)`;
  const find = `grep -rlE '${old}' ${NAMING.join(' ')} 2>/dev/null || true`;
  const { stdout } = await sh(machine, ['sh', '-c', find]);
  return stdout.trim();
}
