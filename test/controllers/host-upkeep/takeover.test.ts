import { describe, expect, jest, test } from '@jest/globals';
import { decide } from '../../../src/controllers/host-upkeep/decide.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import {
  isOver,
  NEW,
  partsOf,
  type UpkeepAgentOptions,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(240_000);

const ONE_HOUR_MS = 3_600_000;
const ONE_MINUTE_MS = 60_000;

/** Carries the order out until something of it happened on the host; then its agent dies. */
async function until(upkeep: UpkeepBench, number: number, event: string, detail: string) {
  const { state } = upkeep.bench.world;
  const from = state.journal.length;
  const happened = () =>
    state.journal
      .slice(from)
      .some(
        (each) =>
          each.host === `n${number}` && each.event === event && each.detail.includes(detail),
      );
  await upkeep.agent(number).work(happened, ONE_HOUR_MS);
  expect(happened()).toBe(true);
}

async function finish(upkeep: UpkeepBench, number: number): Promise<void> {
  await upkeep.agent(number).work(() => isOver(upkeep, number), ONE_HOUR_MS);
}

function started({ bench }: UpkeepBench, from: number): readonly string[] {
  return bench.world.state.journal
    .slice(from)
    .filter(({ event }) => event === 'operation.started')
    .map(({ detail }) => detail);
}

describe('an order that is taken back in the middle of its work', () => {
  test('leaves the host as it stands until there is another one, which goes on', async () => {
    const upkeep = await upkeepBench(3, 2);
    await upkeep.order(2, 'upgrade-control-plane', { first: true, operationId: 'upgrade-1' });
    await until(upkeep, 2, 'operation.started', 'upkeep-1');
    await upkeep.withdraw(2);
    const from = upkeep.bench.world.state.journal.length;
    await upkeep.agent(2).work(() => false, 5 * ONE_MINUTE_MS);
    expect(started(upkeep, from)).toEqual([]);

    await upkeep.order(2, 'upgrade-control-plane', { first: true, operationId: 'upgrade-2' });
    await finish(upkeep, 2);
    expect([workOn(upkeep, 2)?.operationId, workOn(upkeep, 2)?.state]).toEqual([
      'upgrade-2',
      'done',
    ]);
    expect(partsOf(upkeep, 2)?.apiServer).toBe(NEW);
  });

  test('is put back to what was before its first order when the next one fails', async () => {
    const upkeep = await upkeepBench(2, 1);
    const { files } = upkeep.bench.host(0).ports;
    const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
    const before = await files.read(manifest);
    await upkeep.order(1, 'upgrade-control-plane', { first: true, operationId: 'upgrade-1' });
    await until(upkeep, 1, 'file.written', 'manifests/kube-apiserver.yaml');
    for (const _attempt of [1, 2, 3]) {
      upkeep.bench.world.failNext('n1', { phase: 'kubelet-config', text: 'no room' });
    }
    await upkeep.order(1, 'upgrade-control-plane', { first: true, operationId: 'upgrade-2' });
    await finish(upkeep, 1);
    expect([workOn(upkeep, 1)?.state, await files.read(manifest)]).toEqual(['failed', before]);
  });

  test.each<{ readonly task: OrderTask }>([
    { task: 'upgrade-control-plane' },
    { task: 'upgrade-kubelet' },
  ])('does not leave its kubelet stopped: $task', async ({ task }) => {
    expect(await kubeletAfter(task)).toBe(true);
    const careless: UpkeepAgentOptions['replace'] = (controller) => ({
      ...controller,
      decide: (observed) => decide({ ...observed, kubeletDown: false }),
    });
    expect(await kubeletAfter(task, careless)).toBe(false);
  });
});

/** Whether the kubelet runs after its agent died while it was stopped, and the order was taken back. */
async function kubeletAfter(
  task: OrderTask,
  replace?: UpkeepAgentOptions['replace'],
): Promise<boolean> {
  const upkeep = await upkeepBench(2, 1);
  if (task === 'upgrade-kubelet') {
    await upkeep.order(1, 'upgrade-control-plane', { first: true });
    await finish(upkeep, 1);
  }
  await upkeep.order(1, task, { first: true, operationId: 'taken-back-1' });
  const stop = dieWithStoppedKubelet(upkeep);
  await upkeep.agent(1, { alter: stop.alter }).work(stop.isDead, ONE_HOUR_MS);
  await upkeep.withdraw(1);
  await upkeep.agent(1, replace && { replace }).work(() => false, ONE_MINUTE_MS);
  const runtime = upkeep.bench.world.state.hosts.get('n1')?.runtime;
  return runtime?.kubelet.running === true;
}

/** An agent that dies with the kubelet of its host stopped. */
function dieWithStoppedKubelet({ bench }: UpkeepBench) {
  let dead = false;
  const { host } = bench.host(0).ports;
  return {
    isDead: () => dead,
    alter: () => ({
      host: {
        ...host,
        async stopStaticPods() {
          await host.stopStaticPods();
          dead = true;
          throw new RetryableError('test.killed', 'the agent was killed');
        },
      },
    }),
  };
}
