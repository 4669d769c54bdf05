import { expect, test } from '@jest/globals';
import { createStore } from '../../../src/runtime/log/store.ts';
import { createMemoryLink } from '../../../src/simulation/memory-link.ts';
import { createMemoryLog } from '../../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';

const leader = (nodeId: string | null) => ({ nodeId, incarnation: 1 });
const text = (nodeId: string | null) => JSON.stringify(leader(nodeId));
const path = 'leadership.current';

test('before the log answers, a store shows what the disk had, and says that it may be old', async () => {
  const log = createMemoryLog();
  const link = createMemoryLink();
  link.setUp(false);
  const records = [{ path, revision: 1, text: text('aaaaaaaaaaa') }];
  const store = createStore({ bucket: log.entries.over(link), records });
  expect([store.synced, store.get('leadership', 'current')?.value]).toEqual([
    false,
    leader('aaaaaaaaaaa'),
  ]);
});

test('before the log answers for the first time, a write is too early, which is no failure', async () => {
  const log = createMemoryLog();
  const link = createMemoryLink();
  link.setUp(false);
  const store = createStore({ bucket: log.entries.over(link) });
  await expect(store.put('leadership', 'current', leader(null), 0)).rejects.toMatchObject({
    code: 'store.not-yet',
    retryable: true,
  });
});

test('once the log answers, what was deleted while the agent was away is gone', async () => {
  const log = createMemoryLog();
  const link = createMemoryLink();
  const kept = await log.entries.over(link).write('leadership.kept', text(null), 0);
  const records = [
    { path: 'leadership.kept', revision: 1, text: text(null) },
    { path: 'leadership.forgotten', revision: 1, text: text(null) },
  ];
  const heard: string[] = [];
  const store = createStore({ bucket: log.entries.over(link), records });
  store.onChange((_, key) => heard.push(key));
  await store.ready;
  expect({ kept, keys: store.list('leadership').map(({ key }) => key) }).toEqual({
    kept: { type: 'written', revision: 1 },
    keys: ['kept'],
  });
});

test('a write whose answer is lost is unavailable to the writer and seen by all', async () => {
  const clock = createVirtualClock();
  const log = createMemoryLog();
  const link = createMemoryLink(() => clock.sleep(100));
  const store = createMemoryStore({ log, link });
  const writing = store.put('leadership', 'current', leader(null), 0);
  const refused = expect(writing).rejects.toMatchObject({ code: 'store.unavailable' });
  await clock.advance(150);
  link.setUp(false);
  await clock.advance(100);
  await refused;
  link.setUp(true);
  expect(store.get('leadership', 'current')?.value).toEqual(leader(null));
});

test('an agent that is cut off refuses writes at once, and catches up when it comes back', async () => {
  const log = createMemoryLog();
  const [link, otherLink] = [createMemoryLink(), createMemoryLink()];
  const [store, other] = [
    createMemoryStore({ log, link }),
    createMemoryStore({ log, link: otherLink }),
  ];
  link.setUp(false);
  const cutOff = store.synced;
  await expect(store.put('leadership', 'current', leader(null), 0)).rejects.toMatchObject({
    code: 'store.unavailable',
  });
  await other.put('leadership', 'current', leader('bbbbbbbbbbb'), 0);
  link.setUp(true);
  expect([cutOff, store.synced, store.get('leadership', 'current')?.value]).toEqual([
    false,
    true,
    leader('bbbbbbbbbbb'),
  ]);
});

test('without a quorum nothing is written', async () => {
  const log = createMemoryLog();
  const store = createMemoryStore({ log, link: createMemoryLink() });
  log.setQuorum(false);
  await expect(store.put('leadership', 'current', leader(null), 0)).rejects.toMatchObject({
    code: 'store.unavailable',
    message:
      'The log did not confirm the write of leadership.current (no answer): bring two of its three replicas back, if it does not go on by itself.',
  });
});
