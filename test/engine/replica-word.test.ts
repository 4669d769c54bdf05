import { describe, expect, test } from '@jest/globals';
import { createReplicaWord } from '../../src/engine/replica-word.ts';
import type { CivitasError } from '../../src/errors.ts';
import type { PeerHandler, Peers } from '../../src/ports/peers.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { id, node, replica } from '../support/controllers-entries.ts';
import { FakeStore } from '../support/controllers-store.ts';

const set = {
  generation: 2,
  term: 7,
  replicas: [1, 2, 3].map((number) => replica(number)),
  leaving: null,
};
const never = new Promise<never>(() => undefined);

/** n1, whose peers answer as the test says, by address; it knows n2 and n3 by its copy, n4 by name. */
async function nodeOne(
  answers: Readonly<Record<string, Promise<unknown>>>,
  { store = new FakeStore(), unread = [] as readonly string[] } = {},
) {
  const asked: string[] = [];
  let handler: PeerHandler | undefined;
  const peers: Peers = {
    async request({ address, nodeId = '' }) {
      asked.push(address);
      return {
        from: nodeId,
        body: await (answers[address] ?? Promise.reject(new Error('silent'))),
      };
    },
    serve(method, given) {
      if (method === 'replicas') handler = given;
    },
  };
  for (const number of [2, 3]) await store.put('node', id(number), node(number), 0);
  const ask = createReplicaWord({
    peers,
    random: createSeededRandom(1),
    name: 'civ-e1',
    store: Object.assign(store, {
      problems: () => unread.map((path) => ({ path, revision: 1, message: 'of another time' })),
    }),
    endpoints: () => [{ nodeId: id(4), address: '10.0.0.4', port: 7_946 }],
  });
  const call = (log: string) =>
    handler?.({ method: 'replicas', from: id(2), address: '10.0.0.2', body: { log } });
  return { ask, asked, call, store };
}

const question = { log: 'civ-e1', nodeIds: [id(2), id(3)], others: 0, isEnough: () => false };

describe('the word of other nodes', () => {
  test('is asked of those who are named, and of as many others', async () => {
    const none = await nodeOne({});
    expect(await none.ask(question)).toEqual([]);
    expect(none.asked.toSorted()).toEqual(['10.0.0.2', '10.0.0.3']);
    const more = await nodeOne({});
    await more.ask({ ...question, others: 5 });
    expect(more.asked.toSorted()).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4']);
  });

  test('counts as far as it can be read', async () => {
    const { ask } = await nodeOne({
      '10.0.0.2': Promise.resolve({ replicas: set }),
      '10.0.0.3': Promise.resolve({ replicas: 'everywhere' }),
    });
    expect(await ask(question)).toEqual([{ nodeId: id(2), replicas: set }]);
  });

  test('is waited for only until it is enough', async () => {
    const { ask } = await nodeOne({
      '10.0.0.2': Promise.resolve({ replicas: null }),
      '10.0.0.3': never,
    });
    const isEnough = (answers: readonly unknown[]) => answers.length > 0;
    expect(await ask({ ...question, isEnough })).toEqual([{ nodeId: id(2), replicas: null }]);
  });

  test('is not asked for when none is needed', async () => {
    const { ask, asked } = await nodeOne({});
    expect(await ask({ ...question, isEnough: () => true })).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('the own word', () => {
  test('is the set in the copy of that very log, or none', async () => {
    const { call, store } = await nodeOne({});
    expect(await call('civ-e1')).toEqual({ replicas: null });
    await store.put('replicas', 'current', set, 0);
    expect(await call('civ-e1')).toEqual({ replicas: set });
    await expect(call('civ-e2')).rejects.toMatchObject({ code: 'log.other-log' });
  });

  test.each([
    { unread: 'replicas.current', answers: 'log.unread-set' },
    { unread: 'assignment.x', answers: { replicas: null } },
  ])('is none where $unread can not be read: $answers', async ({ unread, answers }) => {
    const { call } = await nodeOne({}, { unread: [unread] });
    const answer = await call('civ-e1')?.catch(({ code }: CivitasError) => code);
    expect(answer).toEqual(answers);
  });
});
