import { describe, expect, jest, test } from '@jest/globals';
import type { HostPorts } from '../../../src/ports/index.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import { assignment, id, served, status } from '../../support/controllers-entries.ts';
import {
  NEW,
  OLD,
  type UpkeepAgentOptions,
  type UpkeepBench,
  upkeepBench,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(120_000);

const ONE_MINUTE_MS = 60_000;
const standBy = assignment(2, {
  operationId: 'stand-by-2-1',
  role: 'spare',
  task: 'stand-by',
  sponsor: null,
});

/** n2 has no role, and the cluster is of that release. */
async function spareBench(kubernetesVersion: string, heldBy: string | null = null) {
  const upkeep = await upkeepBench(2, 1);
  const { store } = upkeep;
  await store.set('assignment', id(2), standBy);
  await store.set('status', id(2), served(standBy));
  await release(upkeep, kubernetesVersion, heldBy);
  return upkeep;
}

function release({ store }: UpkeepBench, version: string, heldBy: string | null = null) {
  const both = { controlPlane: version, kubelet: version };
  return store.set('release', SINGLETON, { term: 5, ...both, heldBy });
}

const told = ({ store }: UpkeepBench) => store.get('upkeep', id(2))?.value.standBy;
const isWarm = (upkeep: UpkeepBench) => () => told(upkeep)?.state === 'warm';

function commands({ bench }: UpkeepBench): readonly string[] {
  return bench.world.state.journal
    .filter(({ host, event }) => host === 'n2' && event.startsWith('operation.'))
    .map(({ event, detail }) => `${event} ${detail.replace(/:.*$/, '')}`)
    .filter((line) => line.includes('warm'));
}

/** The runtime has nothing but what was pulled since. */
function emptyRuntime(): (ports: HostPorts) => Partial<HostPorts> {
  const pulled: string[] = [];
  return ({ operations, releases }) => ({
    releases: { ...releases, images: async () => [...pulled] },
    operations: {
      ...operations,
      async observe(name) {
        const state = await operations.observe(name);
        if (name.startsWith('warm-pull') && state.phase === 'succeeded') {
          pulled.push(...(await releases.images()));
        }
        return state;
      },
    },
  });
}

async function work(upkeep: UpkeepBench, options: UpkeepAgentOptions = {}) {
  const agent = upkeep.agent(2, options);
  await agent.work(isWarm(upkeep), 5 * ONE_MINUTE_MS);
  return agent.acted;
}

describe('a spare', () => {
  test('is warm once images were listed and pulled, each once, and is left alone then', async () => {
    const upkeep = await spareBench(NEW);
    await work(upkeep, { alter: emptyRuntime() });
    expect(told(upkeep)).toEqual({
      operationId: standBy.operationId,
      kubernetesVersion: NEW,
      state: 'warm',
      waiting: null,
    });
    expect(commands(upkeep)).toEqual([
      'operation.started warm-list-1-34-4-stand-by-2-1',
      'operation.ended warm-list-1-34-4-stand-by-2-1',
      'operation.started warm-pull-1-34-4-stand-by-2-1',
      'operation.ended warm-pull-1-34-4-stand-by-2-1',
      'operation.forgotten warm-list-1-34-4-stand-by-2-1',
      'operation.forgotten warm-pull-1-34-4-stand-by-2-1',
    ]);
    const revision = upkeep.store.get('upkeep', id(2))?.revision;
    const asked: string[] = [];
    const later = upkeep.agent(2, { alter: (ports) => overheard(ports, asked) });
    await later.work(() => false, ONE_MINUTE_MS);
    expect([later.acted, asked]).toEqual([[], []]);
    expect(upkeep.store.get('upkeep', id(2))?.revision).toBe(revision);
  });

  test('waits while a rollout goes on, and is warmed for the release that it brought', async () => {
    const upkeep = await spareBench(OLD);
    await work(upkeep);
    await release(upkeep, NEW, 'upgrade-v1-34-4-1');
    await upkeep.agent(2).work(() => false, ONE_MINUTE_MS);
    expect(told(upkeep)).toMatchObject({
      kubernetesVersion: NEW,
      state: 'warming',
      waiting: { reason: 'rollout' },
    });
    expect(commands(upkeep).filter((line) => line.includes('1-34-4'))).toEqual([]);
    await release(upkeep, NEW);
    await work(upkeep);
    expect(told(upkeep)).toMatchObject({ kubernetesVersion: NEW, state: 'warm', waiting: null });
  });

  test('that is asked to leave, or never stood by, gets nothing', async () => {
    const upkeep = await spareBench(NEW);
    const leave = { type: 'leave', nodeId: id(2), incarnation: 1, askedWallMs: 1 } as const;
    await upkeep.store.set('request', id(2), leave);
    await upkeep.agent(2).work(() => false, ONE_MINUTE_MS);
    await upkeep.store.remove('request', id(2));
    await upkeep.store.set('status', id(2), status(2));
    await upkeep.agent(2).work(() => false, ONE_MINUTE_MS);
    expect([told(upkeep), commands(upkeep)]).toEqual([undefined, []]);
  });

  test('that gets a role in the middle of it leaves nothing behind', async () => {
    const upkeep = await spareBench(NEW);
    const agent = upkeep.agent(2, { alter: emptyRuntime() });
    const pulls = () => commands(upkeep).some((line) => line.includes('started warm-pull'));
    await agent.work(pulls, ONE_MINUTE_MS);
    await upkeep.store.set('assignment', id(2), assignment(2));
    await agent.work(() => told(upkeep) === undefined, ONE_MINUTE_MS);
    expect(told(upkeep)).toBeUndefined();
    expect(commands(upkeep).at(-1)).toBe('operation.forgotten warm-pull-1-34-4-stand-by-2-1');
    await agent.work(() => false, ONE_MINUTE_MS);
    expect(agent.acted.at(-1)).toBe('report');
  });

  test('is warm whatever action its agent dies after', async () => {
    const whole = await spareBench(NEW);
    const { length } = await work(whole, { alter: emptyRuntime() });
    for (let action = 1; action <= length; action += 1) {
      const upkeep = await spareBench(NEW);
      const alter = emptyRuntime();
      const first = upkeep.agent(2, { alter, dies: { when: 'after', action } });
      await first.work(() => first.isDead(), 5 * ONE_MINUTE_MS);
      await work(upkeep, { alter });
      expect(told(upkeep)?.state).toBe('warm');
    }
    expect(length).toBeGreaterThan(4);
  });
});

/** What a port is asked that starts programs. */
function overheard({ operations, releases }: HostPorts, asked: string[]): Partial<HostPorts> {
  const heard = <T extends object>(port: T, name: string): T =>
    new Proxy(port, {
      get(target, method) {
        asked.push(name);
        return Reflect.get(target, method);
      },
    });
  return { operations: heard(operations, 'operations'), releases: heard(releases, 'releases') };
}
