import { describe, expect, test } from '@jest/globals';
import {
  createHearsay,
  type ReplicaAnswer,
  type ReplicaQuestion,
} from '../../../src/controllers/log-replica/hearsay.ts';
import type { Ports } from '../../../src/ports/index.ts';
import { genesisReplicas, type Replicas } from '../../../src/state/replicas.ts';
import { genesisRecord, id, replica } from '../../support/controllers-entries.ts';

const record = genesisRecord();
const copied = genesisReplicas(record);
const off = [{ serverName: `${id(1)}-1`, running: false }];
const newer: Replicas = {
  generation: 2,
  replicas: [replica(2), replica(3), replica(4)],
  leaving: null,
};

/** Node n1, whose clock and log are what the test says, and whom it asked. */
function nodeOne(answers: readonly ReplicaAnswer[]) {
  const world = { nowMs: 0, synced: false };
  const asked: ReplicaQuestion[] = [];
  const hearsay = createHearsay(async (question) => {
    asked.push(question);
    return answers;
  });
  const clock = { nowMs: () => world.nowMs };
  const store = {
    get synced() {
      return world.synced;
    },
  };
  const ports = { clock, self: { nodeId: id(1) }, store } as unknown as Ports;
  const ask = (servers = off) => hearsay.ask({ record, copied, servers }, ports);
  return { world, asked, ask };
}

describe('where the replicas are', () => {
  test('is what the log says, and nobody is asked, while the copy of it is up to date', async () => {
    const { world, asked, ask } = nodeOne([]);
    world.synced = true;
    expect(await ask()).toEqual({ replicas: copied, word: 'log' });
    expect(asked).toEqual([]);
  });

  test.each([
    { who: 'nobody answers', answers: [], replicas: copied, word: 'copy' },
    {
      who: 'one of the two others knows no other set',
      answers: [{ nodeId: id(3), replicas: null }],
      replicas: copied,
      word: 'members',
    },
    {
      who: 'one of them knows a newer set',
      answers: [{ nodeId: id(2), replicas: newer }],
      replicas: newer,
      word: 'copy',
    },
    {
      who: 'most nodes of the newer set know it',
      answers: [
        { nodeId: id(2), replicas: newer },
        { nodeId: id(3), replicas: null },
      ],
      replicas: newer,
      word: 'members',
    },
    {
      who: 'somebody else answers',
      answers: [{ nodeId: id(9), replicas: null }],
      replicas: copied,
      word: 'copy',
    },
  ])('to a node whose replica waits for it when $who', async ({ answers, replicas, word }) => {
    const { asked, ask } = nodeOne(answers);
    expect(await ask()).toEqual({ replicas, word });
    expect(asked.map(({ nodeIds, others }) => ({ nodeIds, others }))).toEqual([
      { nodeIds: [id(2), id(3)], others: 0 },
    ]);
  });

  test('is what the node wrote down when nobody could be asked for a minute', async () => {
    const { world, ask } = nodeOne([]);
    await ask();
    world.nowMs = 59_999;
    expect(await ask()).toEqual({ replicas: copied, word: 'copy' });
    world.nowMs = 60_000;
    expect(await ask()).toEqual({ replicas: copied, word: 'members' });
  });

  test('is asked of a few others, now and then, by a node that lost the log', async () => {
    const { world, asked, ask } = nodeOne([{ nodeId: id(7), replicas: newer }]);
    expect(await ask([])).toEqual({ replicas: copied, word: 'copy' });
    world.nowMs = 4_999;
    await ask([]);
    expect(asked).toEqual([]);
    world.nowMs = 5_000;
    expect(await ask([])).toEqual({ replicas: newer, word: 'copy' });
    world.nowMs = 9_999;
    expect(await ask([])).toEqual({ replicas: newer, word: 'copy' });
    expect(asked.map(({ others }) => others)).toEqual([3]);
  });

  test('is known at once to a node with most of the replicas', async () => {
    const own = genesisRecord({
      replicas: [1, 2, 3].map((number) => replica(1, { serverName: `${id(1)}-${number}` })),
    });
    const servers = [{ serverName: `${id(1)}-1`, running: false }];
    const hearsay = createHearsay(async (question) =>
      question.isEnough([]) ? [] : Promise.reject(),
    );
    const ports = { clock: { nowMs: () => 0 }, self: { nodeId: id(1) }, store: { synced: false } };
    const heard = await hearsay.ask(
      { record: own, copied: genesisReplicas(own), servers },
      ports as unknown as Ports,
    );
    expect(heard.word).toBe('members');
  });
});
