import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { deployGuardedWeb } from '../support/guarded-web.ts';
import { logWrites } from '../support/log-writes.ts';
import { civitas, emptyRoom, eventually } from '../support/machines.ts';
import type { RolloutTold } from '../support/rollouts.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { lookAtNodes, type NodesLook, watchNodes } from '../support/watch-nodes.ts';
import { say } from './say.ts';
import { begun, planSays, rolloutThere, underWayNow, untilState } from './told-rollout.ts';
import { untilUpgraded } from './until-upgraded.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const OLD = 'v1.33.13';
const BETWEEN = 'v1.34.3';
const NEW = 'v1.34.4';
const AT_ONCE = 2;
const QUIET_MS = 10_000;
const UNMARKED_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 180_000;
const MINUTE_MS = 60_000;
/** From an edit of the window until it opens, at least. */
const AHEAD_MS = 20_000;
const HALF_A_DAY_MS = 43_200_000;
const DEADLINE_MS = 600_000;

describe('an upgrade that people bound to a policy', () => {
  let plane = '';
  let workers: readonly string[] = [];

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 1, kubernetes: OLD.slice(1) });
    await wholeAfter('the cluster began', { machines, controlPlanes: 1 });
    plane = firstOf(await machinesIn('control plane', machines));
    workers = await machinesIn('worker', machines);
    await deployGuardedWeb(plane, 4);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('`approve` waits for a word, and takes none on what was wanted before', async () => {
    await editSpec(plane, { kubernetesVersion: NEW, upgrade: { policy: 'approve' } });
    await planSays(to(NEW), /waiting.*civitas approve upgrade-v1-34-4-/s);
    const { planId } = await rolloutThere(to(NEW));
    const upgrade = { policy: 'approve', maxUnavailable: AT_ONCE };
    await editSpec(plane, { kubernetesVersion: BETWEEN, upgrade });
    await planSays(to(BETWEEN), /waiting.*civitas approve upgrade-v1-34-3-/s);
    const refused = await civitas(plane, 'approve', planId);
    process.stdout.write(`${refused.stderr}\n`);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(new RegExp(`${planId} .* at revision \\d+`));
    await sleep(QUIET_MS);
    expect(begun(await rolloutThere(to(BETWEEN)))).toEqual([]);
  }, 300_000);

  test('`maxUnavailable: 2` takes two workers out at the same time, never more, and marks those to come', async () => {
    const watched = watchNodes(plane, workers);
    const { planId } = await rolloutThere(to(BETWEEN));
    await say(plane, 'approve', planId);
    await untilState(to(BETWEEN), 'running');
    await untilUpgraded(machines, BETWEEN, DEADLINE_MS);
    const looks = await watched.stop();
    printLooks(looks);
    expect(Math.max(...looks.map(({ out }) => out.length))).toBe(AT_ONCE);
    const both = looks.filter(({ out }) => out.length === AT_ONCE);
    const toCome = both.map(({ out, marked }) => marked.filter((name) => !out.includes(name)));
    expect(toCome).toContainEqual([expect.stringMatching(/^n\d$/)]);
    await eventually(
      () => lookAtNodes(plane, workers),
      (look) => look?.marked.length === 0,
      UNMARKED_WITHIN_MS,
    );
    await wholeAfter('the upgrade', { machines, controlPlanes: 1 });
  }, 1_000_000);

  test('`window` waits outside of it, begins inside, and begins nothing more after it', async () => {
    const past = { start: timeOfDay(Date.now() - HALF_A_DAY_MS), lengthMinutes: 1 };
    await editSpec(plane, { kubernetesVersion: NEW, upgrade: { policy: 'window', window: past } });
    await planSays(to(NEW), /upgrade\.window/);
    const opensWallMs = Math.ceil((Date.now() + AHEAD_MS) / MINUTE_MS) * MINUTE_MS;
    const closesWallMs = opensWallMs + MINUTE_MS;
    const window = { start: timeOfDay(opensWallMs), lengthMinutes: 1 };
    await editSpec(plane, { upgrade: { policy: 'window', window, maxUnavailable: AT_ONCE } });
    await untilState(to(NEW), 'running');
    await sleep(closesWallMs - Date.now());
    await eventually(
      () => rolloutThere(to(NEW)),
      (rollout) => rollout.state === 'waiting' && underWayNow(rollout).length === 0,
      ENDS_WITHIN_MS,
    );
    await sleep(QUIET_MS);
    await planSays(to(NEW), /waiting.*upgrade\.window/s);
    const begins = beginnings(await rolloutThere(to(NEW)));
    const seconds = begins.map((wallMs) => (wallMs - opensWallMs) / 1_000);
    process.stdout.write(`steps began ${seconds.join(', ')} s after the window opened\n`);
    expect(begins.filter((wallMs) => wallMs < opensWallMs || wallMs >= closesWallMs)).toEqual([]);
  }, 600_000);

  test('`auto` lets it go on to its end, and then the log is quiet', async () => {
    await editSpec(plane, { upgrade: { policy: 'auto', maxUnavailable: AT_ONCE } });
    await untilState(to(NEW), 'running');
    const rollout = await untilUpgraded(machines, NEW, DEADLINE_MS);
    await wholeAfter('the upgrade', { machines, controlPlanes: 1 });
    const written = await logWrites(plane, 30_000);
    printReport({ title: `${BETWEEN} to ${NEW}`, rollout, tallies: [], logWrites: written });
    expect(written).toBe(0);
  }, 1_000_000);

  function to(release: string) {
    return { machine: plane, release };
  }
});

/** `02:30` in UTC. */
function timeOfDay(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(11, 16);
}

function beginnings({ steps }: RolloutTold): readonly number[] {
  return steps.flatMap(({ startedWallMs }) => startedWallMs ?? []);
}

function printLooks(looks: readonly NodesLook[]): void {
  const words = looks.map(
    ({ out, marked }) => `out: ${out.join(' ') || '-'}, to come: ${marked.join(' ') || '-'}`,
  );
  const changes = words.filter((each, index) => each !== words[index - 1]);
  process.stdout.write(`${changes.join('\n')}\n`);
}
