import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { civitas, emptyRoom, eventually, kubectl } from '../support/machines.ts';
import { type RolloutTold, rolloutTo } from '../support/rollouts.ts';
import { deployStuckBudget, removeStuckBudget } from '../support/stuck-budget.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { untilUnderWay } from './until-step.ts';
import { untilUpgraded } from './until-upgraded.ts';

const machines = ['n1', 'n2', 'n3'];
const OLD = 'v1.33.13';
const BETWEEN = 'v1.34.3';
const NEW = 'v1.34.4';
const KUBELET = `${BETWEEN}/amd64/kubelet`;
const WITHIN_MS = 120_000;
const DEADLINE_MS = 600_000;
const QUIET_MS = 10_000;

describe('an upgrade that people have their say in', () => {
  let plane = '';
  let worker = '';

  beforeAll(async () => {
    await formedCluster({ nodes: 3, controlPlanes: 1, kubernetes: OLD.slice(1) });
    await wholeAfter('the cluster began', { machines, controlPlanes: 1 });
    plane = firstOf(await machinesIn('control plane', machines));
    worker = firstOf(await machinesIn('worker', machines));
    await deployStuckBudget(plane, worker);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('waits with a program of another sum than the spec says, and names it, before any node is touched', async () => {
    const binaries = { sha256: { [KUBELET]: 'f'.repeat(64) } };
    await editSpec(plane, { kubernetesVersion: BETWEEN, binaries });
    await planSays(BETWEEN, /kubelet.*SHA-256|SHA-256.*kubelet/);
    await passTime(QUIET_MS);
    expect(await disturbing(BETWEEN)).toEqual([]);
    expect(await cordoned()).toBe('');
    await editSpec(plane, { binaries: {} });
  }, 300_000);

  test('waits with a budget that never lets go, and names it, its pod and its owner, before any cordon', async () => {
    const told = await planSays(BETWEEN, /PodDisruptionBudget default\/stuck/);
    expect(told).toMatch(/default\/stuck-\S+/);
    expect(told).toMatch(/Deployment|ReplicaSet/);
    await passTime(QUIET_MS);
    expect(await disturbing(BETWEEN)).toEqual([]);
    expect(await cordoned()).toBe('');
    await removeStuckBudget(plane);
  }, 600_000);

  test('begins nothing while it is paused, and goes on afterwards', async () => {
    await underWay(BETWEEN, 'control planes');
    await say('pause');
    await eventually(
      () => rollout(BETWEEN),
      (told) => told.state === 'paused' && underWayNow(told).length === 0,
      WITHIN_MS,
    );
    const before = begun(await rollout(BETWEEN));
    await passTime(QUIET_MS);
    const during = await rollout(BETWEEN);
    expect(begun(during)).toEqual(before);
    expect(underWayNow(during)).toEqual([]);
    await say('resume');
    await untilState(BETWEEN, 'running');
  }, 600_000);

  test('goes on after an edit that is none of its business', async () => {
    const { planId } = await rollout(BETWEEN);
    await editSpec(plane, { upgrade: { drainTimeoutSeconds: 300 } });
    await passTime(QUIET_MS);
    expect(await rollout(BETWEEN)).toMatchObject({ planId, state: 'running' });
  }, 60_000);

  test('ends at a safe point when the spec wants another release, which is planned next', async () => {
    await editSpec(plane, { kubernetesVersion: NEW });
    await untilState(BETWEEN, 'cancelled');
    expect(underWayNow(await rollout(BETWEEN))).toEqual([]);
    await underWay(NEW, 'control planes');
  }, 600_000);

  test('ends for good when people cancel it, with no node cordoned', async () => {
    await say('cancel');
    await untilState(NEW, 'cancelled');
    await passTime(QUIET_MS);
    expect(underWayNow(await rollout(NEW))).toEqual([]);
    expect(await cordoned()).toBe('');
  }, 600_000);

  test('begins anew with the next edit, and gets there', async () => {
    await editSpec(plane, { upgrade: { drainTimeoutSeconds: 301 } });
    await eventually(
      async () => (await rollout(NEW)).state,
      (state) => state === 'running' || state === 'waiting',
      WITHIN_MS,
    );
    await untilUpgraded(machines, NEW, DEADLINE_MS);
    await wholeAfter('the upgrade', { machines, controlPlanes: 1 });
  }, 900_000);

  test('has nothing to do with a node that people drain, and give back', async () => {
    const drained = await civitas(plane, 'drain', worker, '--wait');
    expect(drained).toMatchObject({ exitCode: 0 });
    expect(await cordoned()).toBe(worker);
    const field = `--field-selector=spec.nodeName=${worker}`;
    expect(await kubectl(plane, 'get', 'pods', '-l', 'app=stuck', '-o', 'name', field)).toBe('');
    expect(await civitas(plane, 'uncordon', worker)).toMatchObject({ exitCode: 0 });
    await eventually(cordoned, (names) => names === '', WITHIN_MS);
    await wholeAfter('the drain', { machines, controlPlanes: 1 });
  }, 300_000);

  async function rollout(release: string): Promise<RolloutTold> {
    const told = await rolloutTo(plane, release);
    if (told === undefined) throw new Error(`there is no rollout to ${release}`);
    return told;
  }

  async function disturbing(release: string): Promise<readonly string[]> {
    const harmless = ['prepare', 'checks'];
    return begun(await rollout(release)).filter(
      (each) => !harmless.includes(each.split(': ')[1] ?? ''),
    );
  }

  /** What `civitas plan` says of the rollout, as people read it, once that is in it. */
  async function planSays(release: string, words: RegExp): Promise<string> {
    const read = async () => {
      const { planId = '' } = (await rolloutTo(plane, release)) ?? {};
      return (await civitas(plane, 'plan', ...(planId === '' ? [] : [planId]))).stdout;
    };
    const told = await eventually(read, (text) => words.test(text), WITHIN_MS);
    process.stdout.write(`${told}\n`);
    return told;
  }

  async function untilState(release: string, state: string): Promise<void> {
    await eventually(
      async () => (await rolloutTo(plane, release))?.state,
      (present) => present === state,
      WITHIN_MS * 2,
    );
  }

  function underWay(release: string, stage: 'control planes') {
    return untilUnderWay({ machine: plane, release, stage });
  }

  async function say(word: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const { exitCode, stdout, stderr } = await civitas(plane, word);
    process.stdout.write(stdout);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  }

  /** Names of all Nodes that take no pods. */
  function cordoned(): Promise<string> {
    const path = '{.items[?(@.spec.unschedulable==true)].metadata.name}';
    return kubectl(plane, 'get', 'nodes', '-o', `jsonpath=${path}`);
  }
});

function underWayNow({ steps }: RolloutTold): readonly string[] {
  return steps.filter(({ state }) => state === 'under-way').map(({ hostname }) => hostname);
}

function begun({ steps }: RolloutTold): readonly string[] {
  return steps
    .filter(({ startedWallMs }) => startedWallMs !== null)
    .map(({ hostname, stage }) => `${hostname}: ${stage}`);
}

function passTime(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
