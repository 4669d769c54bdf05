import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CHANGES, type ChangeByHand, changeByHand, lookAt } from '../support/changes-by-hand.ts';
import { startApiClient, stop, type Tally } from '../support/clients.ts';
import { editSpec, presentSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom, eventually, kubectl, viewOf } from '../support/machines.ts';
import { type RolloutTold, rolloutsThat } from '../support/rollouts.ts';
import { firstOf, wholeAfter } from '../support/until-whole.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3'];
const WITHIN_MS = 120_000;
const LEFT_FOR_MS = 15_000;
const WATCHED_MS = 20_000;
const RECONFIGURED_WITHIN_MS = 400_000;
const MAX_PODS = 120;
const EVENT_TTL = { name: 'event-ttl', value: '2h0m0s' };
/** ConfigMaps are of no host: the first control plane looks after them, whichever that is. */
const BY_ONE_OF_THEM = /^n\d (?<item>config-map:)/;
const expected = { machines, controlPlanes: 3 };

describe('what a hand changes on a host or in the cluster', () => {
  const machine = firstOf(machines);
  let before: readonly string[] = [];

  beforeAll(async () => {
    await formedCluster({ nodes: 3, controlPlanes: 3, kubernetes: '1.34.4' });
    await wholeAfter('the cluster began', expected);
    before = await lookAtAll();
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('is shown and left where the spec says `report`', async () => {
    await editSpec(machine, { drift: { policy: 'report' } });
    await changeAll();
    const changed = await lookAtAll();
    expect(changed.filter((each, index) => each === before[index])).toEqual([]);
    await eventually(shown, (lines) => lines.length === CHANGES.length, WITHIN_MS);
    await passTime(LEFT_FOR_MS);
    expect(await lookAtAll()).toEqual(changed);
    const items = CHANGES.map(({ item }) => `${machine} ${item}: reported`);
    const told = (await shown()).map((line) => line.replace(BY_ONE_OF_THEM, `${machine} $<item>`));
    expect(told.toSorted()).toEqual(items.toSorted());
  }, 300_000);

  test('is put back where it says `repair`, and then the log is quiet', async () => {
    await editSpec(machine, { drift: { policy: 'repair' } });
    await untilPutBack('with the policy');
  }, 400_000);

  test('is put back again when a hand does it again', async () => {
    await changeAll();
    await untilPutBack('by another hand');
  }, 400_000);

  test('comes back where it was a Node of a control plane', async () => {
    await kubectl('n2', 'delete', 'node', machine);
    await wholeAfter(`the Node ${machine} was deleted`, expected);
    expect(await lookAtAll()).toEqual(before);
  }, 300_000);

  test('rolls node by node where the spec asks for it', async () => {
    const { kubeletConfiguration } = (await presentSpec(machine)).kubeadm;
    const change = { kubeletConfiguration: { ...kubeletConfiguration, maxPods: MAX_PODS } };
    const rollout = await rolledThrough(change);
    await eventually(
      podsThatFit,
      (told) => told === `${MAX_PODS} ${MAX_PODS} ${MAX_PODS}`,
      WITHIN_MS,
    );
    await expectQuiet(`maxPods: ${MAX_PODS}`, rollout, []);
  }, 900_000);

  test('rolls through the API servers where it asks for one of their flags, and nobody misses an answer', async () => {
    const clients = await Promise.all(machines.map(startApiClient));
    const { clusterConfiguration } = (await presentSpec(machine)).kubeadm;
    const apiServer = { extraArgs: [EVENT_TTL] };
    const rollout = await rolledThrough({
      clusterConfiguration: { ...clusterConfiguration, apiServer },
    });
    const tallies = await Promise.all(clients.map(stop));
    expect(await apiServersWith(`--${EVENT_TTL.name}=${EVENT_TTL.value}`)).toBe(machines.length);
    await expectQuiet(`${EVENT_TTL.name}: ${EVENT_TTL.value}`, rollout, tallies);
    expect(tallies.filter(({ asked }) => asked < 100)).toEqual([]);
    expect(tallies.flatMap(({ failed }) => failed)).toEqual([]);
  }, 900_000);

  /** Edits `spec.kubeadm`, and waits until what that asks for is done. */
  async function rolledThrough(change: Readonly<Record<string, unknown>>): Promise<RolloutTold> {
    const { kubeadm } = await presentSpec(machine);
    const { length } = await rolloutsThat(machine, 'reconfigure');
    await editSpec(machine, { kubeadm: { ...kubeadm, ...change } });
    const rollouts = await eventually(
      () => rolloutsThat(machine, 'reconfigure'),
      (all) => all.length > length && all.every(({ state }) => state === 'done'),
      RECONFIGURED_WITHIN_MS,
    );
    await wholeAfter('the reconfiguration', expected);
    const newest = rollouts.at(-1);
    if (newest === undefined) throw new Error('the reconfiguration is gone');
    return newest;
  }

  async function expectQuiet(
    title: string,
    rollout: RolloutTold,
    tallies: readonly Tally[],
  ): Promise<void> {
    printReport({ title, rollout, tallies, logWrites: await logWrites(machine, WATCHED_MS) });
    expect(overlapping(rollout)).toEqual([]);
    expect(await shown()).toEqual([]);
  }

  /** How many run with that flag. */
  async function apiServersWith(flag: string): Promise<number> {
    const commands = 'jsonpath={range .items[*]}{.spec.containers[0].command}{"\\n"}{end}';
    const pods = ['get', 'pods', '--namespace=kube-system', '--selector=component=kube-apiserver'];
    const told = await kubectl(machine, ...pods, '-o', commands);
    return told.split('\n').filter((command) => command.includes(flag)).length;
  }

  function podsThatFit(): Promise<string> {
    return kubectl(machine, 'get', 'nodes', '-o', 'jsonpath={.items[*].status.capacity.pods}');
  }

  async function untilPutBack(how: string): Promise<void> {
    const startedMs = performance.now();
    await eventually(lookAtAll, (now) => now.every((each, at) => each === before[at]), WITHIN_MS);
    await eventually(shown, (lines) => lines.length === 0, WITHIN_MS);
    const seconds = (performance.now() - startedMs) / 1_000;
    await wholeAfter('the repair', expected);
    const written = await logWrites(machine, WATCHED_MS);
    process.stdout.write(
      `${how}: all put back after ${seconds.toFixed(1)} s, then ${written} log writes\n`,
    );
    expect(written).toBe(0);
    expect(await lookAtAll()).toEqual(before);
  }

  async function changeAll(): Promise<void> {
    for (const each of CHANGES) await changeByHand(machine, each);
  }

  function lookAtAll(): Promise<readonly string[]> {
    return Promise.all(CHANGES.map((each: ChangeByHand) => lookAt(machine, each)));
  }

  async function shown(): Promise<readonly string[]> {
    const { drift } = await viewOf(machine);
    return drift.map(({ hostname, item, state }) => `${hostname} ${item}: ${state}`).toSorted();
  }
});

/** Steps that began before the one before them ended. */
function overlapping({ steps }: RolloutTold): readonly string[] {
  const inTime = steps.toSorted(
    (left, right) => Number(left.startedWallMs) - Number(right.startedWallMs),
  );
  const touching = inTime.filter(({ stage }) => stage !== 'checks' && stage !== 'prepare');
  return touching.flatMap(({ hostname, startedWallMs }, index) => {
    const { endedWallMs = 0 } = touching[index - 1] ?? {};
    return Number(startedWallMs) < Number(endedWallMs) ? [hostname] : [];
  });
}

function passTime(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
