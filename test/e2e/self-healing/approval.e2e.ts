import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import type { AgentView } from '../../../src/state/agent-view.ts';
import { factsFrom } from '../support/cluster-facts.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { civitas, emptyRoom, eventually, viewOf } from '../support/machines.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

type Plan = AgentView['plans'][number];

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const PLANNED_WITHIN_MS = 120_000;
const QUIET_MS = 20_000;

describe('a control plane that is lost where people want to be asked', () => {
  let lost = '';
  /** A control plane that is never switched off. */
  let asked = '';
  /** Died as an heir. */
  let former = '';
  let heir = '';
  let first = '';
  let second = '';

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    await editSpec('n1', { replacement: { graceSeconds: 5, policy: 'approve' } });
    await wholeAfter('the edit', { machines, controlPlanes: 3 });
    [lost = '', asked = ''] = await machinesIn('control plane', machines);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('keeps its place while a plan waits, which status, plan and why-not name', async () => {
    const before = await factsFrom(asked);
    await kill([lost]);
    const plan = await planThat(({ nodeId }) => nodeId !== null);
    ({ planId: first } = plan);
    heir = await nameOf(plan.candidate);
    await sleep(QUIET_MS);
    expect(await factsFrom(asked)).toEqual(before);
    expect(await said('status')).toContain(`civitas approve ${first}: ${plan.summary}`);
    expect(await said('plan')).toContain(`civitas approve ${first}`);
    const reasons = await said('plan', first);
    process.stdout.write(`${reasons}\n`);
    expect(reasons).toContain(`failed approval: it waits for \`civitas approve ${first}\``);
    expect(await said('why-not', 'promote', heir)).toContain(
      `${heir} takes the place of ${lost} after \`civitas approve ${first}\``,
    );
  }, 300_000);

  test('is given to another heir once the first one dies, by a plan that is not the one of before', async () => {
    await untilWorkerMayBeLost();
    former = heir;
    await kill([former]);
    const plan = await planThat(({ planId }) => planId !== first);
    ({ planId: second } = plan);
    heir = await nameOf(plan.candidate);
    expect(machines.filter((name) => ![lost, former].includes(name))).toContain(heir);
    await refused(first, `choose from ${second}`);
    await refused('replace-nobody-1', `choose from ${second}`);
    expect(await machinesIn('control plane', [asked])).toContain(lost);
  }, 300_000);

  test('gives its place to the heir that people approved', async () => {
    const approvedMs = performance.now();
    expect(await civitas(asked, 'approve', second)).toMatchObject({ exitCode: 0 });
    await eventually(
      async () => (await viewOf(asked)).nodes.filter(servesAsControlPlane),
      (planes) => planes.some(({ hostname }) => hostname === heir),
      PLANNED_WITHIN_MS,
    );
    const seconds = ((performance.now() - approvedMs) / 1_000).toFixed(1);
    process.stdout.write(`approved: ${heir} serves as a control plane after ${seconds} s\n`);
    await refused(second, 'none waits');
  }, 300_000);

  test('is a worker once it is back, and no plan is left', async () => {
    await boot([lost, former]);
    await wholeAfter('boot of both', { machines, controlPlanes: 3 });
    expect(await machinesIn('worker', machines)).toContain(lost);
    expect((await viewOf(asked)).plans).toEqual([]);
  }, 300_000);

  async function planThat(satisfies: (plan: Plan) => boolean): Promise<Plan> {
    const [plan] = await eventually(
      async () => (await viewOf(asked)).plans.filter(satisfies),
      (plans) => plans.length === 1,
      PLANNED_WITHIN_MS,
    );
    if (plan === undefined) throw new Error('nothing is planned');
    return plan;
  }

  async function nameOf(nodeId: string | null): Promise<string> {
    const { nodes } = await viewOf(asked);
    return firstOf(nodes.filter((node) => node.nodeId === nodeId).map((node) => node.hostname));
  }

  /** Whichever it is: the log has another replica in the place of one that was lost. */
  async function untilWorkerMayBeLost(): Promise<void> {
    await eventually(
      async () => (await viewOf(asked)).budget?.workers.mayBeLost ?? 0,
      (count) => count > 0,
      PLANNED_WITHIN_MS,
    );
  }

  async function said(...argv: readonly string[]): Promise<string> {
    return (await civitas(asked, ...argv)).stdout;
  }

  async function refused(planId: string, why: string): Promise<void> {
    const { exitCode, stderr } = await civitas(asked, 'approve', planId);
    process.stdout.write(`${stderr}\n`);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(
        new RegExp(`^civitas: There is no plan ${planId} at revision \\d+, or no more: ${why}`),
      ),
    });
  }
});

function servesAsControlPlane({ role, phase }: AgentView['nodes'][number]): boolean {
  return role === 'control-plane' && phase === 'serving';
}
