import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import { address } from '../../../lab/machine-name.ts';
import { type Client, startApiClient, startWebClient, stop } from '../support/clients.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { logHolders } from '../support/leaders.ts';
import { untilLogSurvives } from '../support/log-survives.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom, eventually } from '../support/machines.ts';
import { placeOfReplica, placesOfControlPlane, placesOfNode } from '../support/places.ts';
import { podsOn } from '../support/pods-on.ts';
import { configureAddress, renumber } from '../support/renumber.ts';
import { untilNamed } from '../support/until-named.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { healthyVoters } from '../support/voters.ts';
import { deployWeb, WEB_PORT, webAnswers } from '../support/web.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const expected = { machines, controlPlanes: 3 };
const FOUND_WITHIN_MS = 120_000;
const FOLLOWS_WITHIN_MS = 180_000;
const QUIET_MS = 30_000;
/** A fifth of the requests goes to the pod of the machine that moves. */
const MOST_FAILED = 0.05;

describe('a machine that gets another address', () => {
  let planes: readonly string[] = [];
  let workers: readonly string[] = [];
  let clients: readonly Client[] = [];

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    await wholeAfter('the cluster began', expected);
    const holders = await logHolders(machines);
    planes = await machinesIn('control plane', machines);
    planes = planes.toSorted((a, b) => holds(b, holders) - holds(a, holders));
    workers = await machinesIn('worker', machines);
    workers = workers.toSorted((a, b) => holds(a, holders) - holds(b, holders));
    await deployWeb(firstOf(planes), 5);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('while it works is found there by everybody, and its pods go on', async () => {
    const worker = firstOf(workers);
    const plane = firstOf(planes);
    const podsBefore = await podsOn(plane, 'web', machines);
    await startClients(worker, plane);
    await renumber(worker, newAddress(worker));
    await untilNodeIsAt(worker, plane);
    await untilServed(worker);
    await wholeAfter(`another address of ${worker}, a worker`, expected);
    await stopClients();
    expect(await podsOn(plane, 'web', machines)).toEqual(podsBefore);
    expect(await logWrites(plane, QUIET_MS)).toBe(0);
  }, 400_000);

  test('while it is off is found there after its boot', async () => {
    const worker = firstOf(workers.slice(1));
    await configureAddress(worker, newAddress(worker));
    await kill([worker]);
    await boot([worker]);
    await untilNodeIsAt(worker, firstOf(planes));
    await untilServed(worker);
    await wholeAfter(`boot of ${worker}, a worker, at another address`, expected);
    expect(await logWrites(firstOf(planes), QUIET_MS)).toBe(0);
  }, 400_000);

  test('as a control plane comes whole in place, with its member and its replica of the log', async () => {
    const [moved = '', plane = ''] = planes;
    const to = newAddress(moved);
    const others = machines.filter((name) => name !== moved);
    const holders = await logHolders(machines);
    const podsBefore = await podsOn(plane, 'web', machines);
    await startClients(moved, plane);
    await renumber(moved, to);
    const asked = { plane, others };
    const places = [
      ...placesOfNode(moved, asked),
      ...placesOfControlPlane(moved, to, asked),
      ...(holders.includes(moved) ? [placeOfReplica(moved)] : []),
    ];
    await untilNamed(to, places, FOLLOWS_WITHIN_MS);
    await wholeAfter(`another address of ${moved}, a control plane`, expected);
    await stopClients();
    await untilServed(moved);
    const addresses = [to, ...planes.filter((name) => name !== moved).map(address)];
    expect(await healthyVoters(plane)).toEqual(addresses.map((at) => `https://${at}:2380`).sort());
    expect(await podsOn(plane, 'web', machines)).toEqual(podsBefore);
    expect(await logHolders(machines)).toEqual(holders);
    const other = firstOf(holders.filter((name) => name !== moved));
    expect(await logWrites(plane, QUIET_MS)).toBe(0);
    await untilLogSurvives(other, plane);
    await wholeAfter('the log went on without another replica', expected);
  }, 600_000);

  async function startClients(moved: string, plane: string): Promise<void> {
    const url = `http://${address(plane)}:${WEB_PORT}/`;
    clients = await Promise.all([
      startWebClient(plane, url),
      startWebClient(moved, url),
      startApiClient(moved),
    ]);
  }

  async function untilNodeIsAt(machine: string, plane: string): Promise<void> {
    const others = machines.filter((name) => name !== machine);
    const places = placesOfNode(machine, { plane, others });
    await untilNamed(newAddress(machine), places, FOUND_WITHIN_MS);
  }

  async function stopClients(): Promise<void> {
    for (const { client, asked, failed } of await Promise.all(clients.map(stop))) {
      const kind = `${client.name} on ${client.machine}`;
      process.stdout.write(`${kind}: ${failed.length} of ${asked} requests failed\n`);
      expect(failed.length / asked).toBeLessThan(MOST_FAILED);
    }
  }
});

/** n4 has 10.88.0.4 at first. */
function newAddress(machine: string): string {
  return address(machine).replace(/\d+$/, (number) => String(200 + Number(number)));
}

function holds(machine: string, holders: readonly string[]): number {
  return holders.includes(machine) ? 1 : 0;
}

/** The service answers at the machine's own address, which kube-proxy on it has to know. */
async function untilServed(machine: string): Promise<void> {
  const startedMs = performance.now();
  await eventually(
    () => webAnswers(machine),
    (answers) => answers,
    FOUND_WITHIN_MS,
  );
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  process.stdout.write(`the service answers at ${machine} after ${seconds} s more\n`);
}
