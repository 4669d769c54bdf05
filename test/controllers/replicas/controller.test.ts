import { describe, expect, test } from '@jest/globals';
import { createReplicas } from '../../../src/controllers/replicas/controller.ts';
import type { LogGroups, LogMember, LogPeers } from '../../../src/ports/log-peers.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import { genesisRecord, id, liveness, node, spec } from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';
import { deadMember, logGroups, logMember } from '../../support/log-groups.ts';

const GRACE_MS = 60_000;

class FakeLogPeers implements LogPeers {
  asked = 0;
  seen: LogGroups | undefined;
  readonly changes: string[] = [];

  async groups() {
    this.asked += 1;
    return this.seen;
  }
  async evacuate(_places: unknown, { serverName }: LogMember) {
    this.changes.push(`evacuate ${serverName}`);
  }
  async lead(_places: unknown, serverName: string) {
    this.changes.push(`lead ${serverName}`);
  }
  async remove(_places: unknown, { serverName }: LogMember) {
    this.changes.push(`remove ${serverName}`);
  }
}

const [a, b, c, d] = [`${id(1)}-1`, `${id(2)}-1`, `${id(3)}-1`, `${id(4)}-1000001`] as const;

/** The leader n2 of four nodes, of which n1 is dead. */
async function leading() {
  const world: World = createWorld();
  world.term = 7;
  const { store } = world;
  await store.put('spec', 'current', spec(), 0);
  for (const number of [1, 2, 3, 4]) {
    await store.put('node', id(number), node(number, { logPortBase: 7_950 }), 0);
    const verdict = number === 1 ? 'dead' : 'alive';
    await store.put('liveness', id(number), liveness(number, { verdict }), 0);
  }
  const logPeers = new FakeLogPeers();
  const replicas = createReplicas(() => genesisRecord());
  const ports = portsIn(world, { logPeers });
  return { world, store, logPeers, pass: () => reconcile(replicas, ports) };
}

describe('the controller of replicas', () => {
  test('asks the servers nothing while all stay where they are', async () => {
    const { world, logPeers, pass } = await leading();
    await pass();
    world.nowMs = 10 * GRACE_MS;
    world.term = undefined;
    await pass();
    expect(logPeers.asked).toBe(0);
  });

  test('moves the replica of a node that it has seen dead for the grace', async () => {
    const { world, store, logPeers, pass } = await leading();
    await pass();
    world.nowMs = GRACE_MS;
    logPeers.seen = logGroups([logMember(b), logMember(c), deadMember(a)]);
    await pass();
    expect(store.get('replicas', 'current')?.value).toMatchObject({
      generation: 1,
      leaving: { serverName: a },
    });
    expect(store.list('event').map(({ value }) => value.action)).toEqual(['move-replica']);

    logPeers.seen = logGroups(
      [logMember(b), logMember(c), deadMember(a), logMember(d)],
      [logMember(b), logMember(c), deadMember(a)],
    );
    await pass();
    expect(logPeers.changes).toEqual([`remove ${a}`]);
    logPeers.seen = logGroups([logMember(b), logMember(c), logMember(d)]);
    await pass();
    expect(store.get('replicas', 'current')?.value).toMatchObject({ generation: 2, leaving: null });
  });

  test('does nothing of what it decided once another one leads', async () => {
    const { world, store, logPeers, pass } = await leading();
    await pass();
    world.nowMs = GRACE_MS;
    logPeers.seen = logGroups([logMember(b), logMember(c), deadMember(a)]);
    logPeers.groups = async () => {
      world.term = 8;
      return logPeers.seen;
    };
    await expect(pass()).rejects.toMatchObject({ code: 'leadership.lost' });
    expect(store.list('replicas')).toEqual([]);
  });

  test('looks now and then for servers that came back, once one has moved', async () => {
    const { world, store, logPeers, pass } = await leading();
    await store.remove('liveness', id(1));
    const set = { generation: 2, term: 6, replicas: genesisRecord().replicas, leaving: null };
    await store.put('replicas', 'current', set, 0);
    logPeers.seen = logGroups([logMember(a), logMember(b), logMember(c)]);
    for (world.nowMs = 0; world.nowMs < 240_000; world.nowMs += 10_000) await pass();
    expect(logPeers.asked).toBe(2);
    logPeers.seen = logGroups(
      [logMember(a), logMember(b), logMember(c), logMember(d)],
      [logMember(a), logMember(b), logMember(c)],
    );
    await pass();
    expect(logPeers.changes).toEqual([`remove ${d}`]);
  });
});
