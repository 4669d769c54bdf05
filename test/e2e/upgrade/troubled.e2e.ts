import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill, sh } from '../../../lab/machine.ts';
import type { Stage } from '../../../src/state/rollout.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { deployGuardedWeb } from '../support/guarded-web.ts';
import { civitasLeader } from '../support/leaders.ts';
import { logWrites } from '../support/log-writes.ts';
import { emptyRoom, kubeadmStarts } from '../support/machines.ts';
import { repeatedOperations } from '../support/repeated-operations.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { untilUnderWay } from './until-step.ts';
import { untilUpgraded } from './until-upgraded.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const OLD = 'v1.34.3';
const NEW = 'v1.34.4';
const DEADLINE_MS = 900_000;
/** Longer than a machine is away here: it is waited for, not replaced. */
const GRACE_SECONDS = 120;
const AWAY_MS = 20_000;
const MIDDLE_MS = 8_000;

describe(`an upgrade from ${OLD} to ${NEW} in the middle of which agents and machines die`, () => {
  /** Never the machine that dies. */
  let watcher = '';

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: OLD.slice(1) });
    await wholeAfter('the cluster began', { machines, controlPlanes: 3 });
    await deployGuardedWeb(firstOf(await machinesIn('control plane', machines)), 4);
    watcher = (await machinesIn('worker', machines)).at(-1) ?? '';
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test(
    'ends with every node upgraded, one cluster, and no operation done twice',
    async () => {
      await editSpec(watcher, {
        kubernetesVersion: NEW,
        replacement: { graceSeconds: GRACE_SECONDS },
      });
      const upgraded = await underWay('control planes');
      await passTime(MIDDLE_MS);
      await killAgent(upgraded);
      await untilAnother('control planes', upgraded);
      await killAgent((await civitasLeader(watcher)) ?? watcher);
      const cut = [await underWay('kubelets of control planes')];
      await cutPower(firstOf(cut));
      cut.push(await underWay('canary'));
      await cutPower(cut.at(-1) ?? '');
      const rollout = await untilUpgraded(machines, NEW, DEADLINE_MS);
      await wholeAfter('the upgrade', { machines, controlPlanes: 3 });
      const written = await logWrites(firstOf(machines), 30_000);
      printReport({ title: `${OLD} to ${NEW}`, rollout, tallies: [], logWrites: written });
      const repeated = await Promise.all(machines.map(repeatedOperations));
      // What the power cut itself ended is begun once more.
      expect(
        repeated
          .map((list, at) => list.length - (cut.includes(machines[at] ?? '') ? 1 : 0))
          .filter((more) => more > 0),
      ).toEqual([]);
      const inits = await Promise.all(machines.map((machine) => kubeadmStarts(machine, 'init')));
      expect(inits.toSorted()).toEqual([0, 0, 0, 0, 1]);
      expect(written).toBe(0);
    },
    DEADLINE_MS + 900_000,
  );

  async function underWay(stage: Stage): Promise<string> {
    const { hostname, doing } = await untilUnderWay({ machine: watcher, release: NEW, stage });
    process.stdout.write(`${hostname}, ${stage}: ${doing}\n`);
    return hostname;
  }

  async function untilAnother(stage: Stage, before: string): Promise<void> {
    while ((await underWay(stage)) === before) await passTime(MIDDLE_MS);
    await passTime(MIDDLE_MS);
  }

  async function cutPower(machine: string): Promise<void> {
    await kill([machine]);
    process.stdout.write(`${machine}: power cut\n`);
    await passTime(AWAY_MS);
    await boot([machine]);
  }
});

async function killAgent(machine: string): Promise<void> {
  await sh(machine, ['systemctl', 'kill', '--signal=KILL', 'civitas']);
  process.stdout.write(`${machine}: agent killed\n`);
}

function passTime(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
