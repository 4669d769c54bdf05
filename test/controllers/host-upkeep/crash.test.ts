import { describe, expect, jest, test } from '@jest/globals';
import type { OrderTask } from '../../../src/state/order.ts';
import type { AgentOptions } from '../../support/controller-agent.ts';
import { id } from '../../support/controllers-entries.ts';
import {
  isOver,
  partsOf,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(600_000);

const TEN_MINUTES_MS = 600_000;
const ONE_MINUTE_MS = 60_000;

interface Ask {
  readonly what: string;
  readonly number: number;
  readonly task: OrderTask;
}

const ORDERS: readonly Ask[] = [
  { what: 'a preparation', number: 2, task: 'prepare' },
  { what: 'the first control plane', number: 1, task: 'upgrade-control-plane' },
  { what: 'the kubelet of a worker', number: 2, task: 'upgrade-kubelet' },
  { what: 'the kubelet of a control plane', number: 1, task: 'upgrade-kubelet' },
];

async function finish(upkeep: UpkeepBench, number: number, options: AgentOptions = {}) {
  const agent = upkeep.agent(number, options);
  const over = () => isOver(upkeep, number);
  const errors = await agent.work(over, TEN_MINUTES_MS);
  return { agent, errors };
}

async function withControlPlane(upkeep: UpkeepBench): Promise<void> {
  await upkeep.order(1, 'upgrade-control-plane', { first: true });
  await finish(upkeep, 1);
}

async function run({ number, task }: Ask, dies: AgentOptions['dies']) {
  const upkeep = await upkeepBench(2, 1);
  if (task === 'upgrade-kubelet') await withControlPlane(upkeep);
  const first = task === 'upgrade-control-plane';
  await upkeep.order(number, task, { first, operationId: `${task}-2` });
  const begun = await finish(upkeep, number, dies && { dies });
  const errors = [...begun.errors];
  if (begun.agent.isDead()) errors.push(...(await finish(upkeep, number)).errors);
  await upkeep.bench.clock.advance(ONE_MINUTE_MS);
  const { revision } = upkeep.store;
  await upkeep.agent(number).work(() => false, ONE_MINUTE_MS);
  const host = upkeep.bench.world.state.hosts.get(`n${number}`);
  return {
    actions: begun.agent.acted.length,
    end: {
      parts: partsOf(upkeep, number),
      state: workOn(upkeep, number)?.state,
      prepared: upkeep.store.get('upkeep', id(number))?.value.prepared,
      units: [...(host?.runtime?.units.keys() ?? [])].filter((name) => name.endsWith('-2')),
      laterWrites: upkeep.store.revision - revision,
      errors: errors.filter((code) => code !== 'test.killed'),
    },
  };
}

describe('an agent that dies at any one of its actions', () => {
  test.each(ORDERS)('goes on where it was: $what', async (ask) => {
    const calm = await run(ask, undefined);
    expect(calm.end).toMatchObject({ state: 'done', units: [], laterWrites: 0, errors: [] });
    expect(calm.actions).toBeGreaterThan(5);
    const failures: unknown[] = [];
    for (let action = 1; action <= calm.actions; action += 1) {
      for (const when of ['before', 'after'] as const) {
        const { end } = await run(ask, { action, when });
        if (JSON.stringify(end) !== JSON.stringify(calm.end)) failures.push({ action, when, end });
      }
    }
    expect(failures).toEqual([]);
  });
});
