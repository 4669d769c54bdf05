import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cordoned } from '../support/cordoned.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { civitas, emptyRoom, eventually, kubectl } from '../support/machines.ts';
import { deployStuckBudget, removeStuckBudget } from '../support/stuck-budget.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { say } from './say.ts';
import {
  type Asked,
  begun,
  disturbing,
  planSays,
  rolloutThere,
  underWayNow,
  untilState,
} from './told-rollout.ts';
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
    await planSays(to(BETWEEN), /kubelet.*SHA-256|SHA-256.*kubelet/);
    await sleep(QUIET_MS);
    expect(disturbing(await rollout(BETWEEN))).toEqual([]);
    expect(await cordoned(plane)).toBe('');
    await editSpec(plane, { binaries: {} });
  }, 300_000);

  test('waits with a budget that never lets go, and names it, its pod and its owner, before any cordon', async () => {
    const told = await planSays(to(BETWEEN), /PodDisruptionBudget default\/stuck/);
    expect(told).toMatch(/default\/stuck-\S+/);
    expect(told).toMatch(/Deployment|ReplicaSet/);
    await sleep(QUIET_MS);
    expect(disturbing(await rollout(BETWEEN))).toEqual([]);
    expect(await cordoned(plane)).toBe('');
    await removeStuckBudget(plane);
  }, 600_000);

  test('begins nothing while it is paused, and goes on afterwards', async () => {
    await underWay(BETWEEN, 'control planes');
    await say(plane, 'pause');
    await eventually(
      () => rollout(BETWEEN),
      (told) => told.state === 'paused' && underWayNow(told).length === 0,
      WITHIN_MS,
    );
    const before = begun(await rollout(BETWEEN));
    await sleep(QUIET_MS);
    const during = await rollout(BETWEEN);
    expect(begun(during)).toEqual(before);
    expect(underWayNow(during)).toEqual([]);
    await say(plane, 'resume');
    await untilState(to(BETWEEN), 'running');
  }, 600_000);

  test('goes on after an edit that is none of its business', async () => {
    const { planId } = await rollout(BETWEEN);
    await editSpec(plane, { upgrade: { drainTimeoutSeconds: 300 } });
    await sleep(QUIET_MS);
    expect(await rollout(BETWEEN)).toMatchObject({ planId, state: 'running' });
  }, 60_000);

  test('ends at a safe point when the spec wants another release, which is planned next', async () => {
    await editSpec(plane, { kubernetesVersion: NEW });
    await untilState(to(BETWEEN), 'cancelled');
    expect(underWayNow(await rollout(BETWEEN))).toEqual([]);
    await underWay(NEW, 'control planes');
  }, 600_000);

  test('ends for good when people cancel it, with no node cordoned', async () => {
    await say(plane, 'cancel');
    await untilState(to(NEW), 'cancelled');
    await sleep(QUIET_MS);
    expect(underWayNow(await rollout(NEW))).toEqual([]);
    expect(await cordoned(plane)).toBe('');
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
    expect(await cordoned(plane)).toBe(worker);
    const field = `--field-selector=spec.nodeName=${worker}`;
    expect(await kubectl(plane, 'get', 'pods', '-l', 'app=stuck', '-o', 'name', field)).toBe('');
    expect(await civitas(plane, 'uncordon', worker)).toMatchObject({ exitCode: 0 });
    await eventually(
      () => cordoned(plane),
      (names) => names === '',
      WITHIN_MS,
    );
    await wholeAfter('the drain', { machines, controlPlanes: 1 });
  }, 300_000);

  function to(release: string): Asked {
    return { machine: plane, release };
  }

  function rollout(release: string) {
    return rolloutThere(to(release));
  }

  function underWay(release: string, stage: 'control planes') {
    return untilUnderWay({ ...to(release), stage });
  }
});
