import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StoreHandle } from '../../src/ports/store.ts';
import type { Liveness } from '../../src/state/liveness.ts';

/** One log, seen by any number of agents. */
export interface StoreWorld {
  /** The store of one more agent, once it has read the whole log. */
  openStore(): Promise<StoreHandle>;
  /** Writes what no version we know would write. */
  writeRaw(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const key = 'aaaaaaaaaaa';

function liveness(evidence: string, nodeId = key): Liveness {
  return { nodeId, incarnation: 1, verdict: 'alive', evidence };
}

/** What every Store promises, on whatever log. `openWorld` is called for each test. */
export function storeContract(openWorld: () => Promise<StoreWorld>): void {
  describe('a store', () => {
    let world: StoreWorld;
    let one: StoreHandle;
    let two: StoreHandle;

    beforeEach(async () => {
      world = await openWorld();
      [one, two] = await Promise.all([world.openStore(), world.openStore()]);
    });

    afterEach(async () => {
      await world.close();
    });

    test('has what it wrote before the write resolves', async () => {
      const revision = await one.put('liveness', key, liveness('new'), 0);
      expect(one.get('liveness', key)).toEqual({
        kind: 'liveness',
        key,
        value: liveness('new'),
        revision,
      });
    });

    test('sees what another agent wrote, changed and deleted', async () => {
      const first = await one.put('liveness', key, liveness('new'), 0);
      await until(() => two.get('liveness', key)?.revision === first);
      const second = await two.put('liveness', key, liveness('changed'), first);
      await until(() => one.get('liveness', key)?.revision === second);
      await one.remove('liveness', key, second);
      await until(() => two.get('liveness', key) === undefined);
      expect(one.get('liveness', key)).toBeUndefined();
    });

    test('gives revisions that grow over all keys', async () => {
      const first = await one.put('liveness', key, liveness('new'), 0);
      const second = await one.put('leadership', 'current', { nodeId: key, incarnation: 1 }, 0);
      const third = await one.put('liveness', key, liveness('changed'), first);
      expect(first < second && second < third).toBe(true);
    });

    test('refuses a write that names an old revision, and nothing changes', async () => {
      const first = await one.put('liveness', key, liveness('new'), 0);
      const second = await one.put('liveness', key, liveness('changed'), first);
      await expect(one.put('liveness', key, liveness('late'), first)).rejects.toMatchObject({
        code: 'store.conflict',
        retryable: true,
      });
      await expect(one.remove('liveness', key, first)).rejects.toMatchObject({
        code: 'store.conflict',
      });
      expect(one.get('liveness', key)?.revision).toBe(second);
    });

    test('refuses to create what exists, also when the agent has not heard of it', async () => {
      await one.put('liveness', key, liveness('new'), 0);
      await expect(two.put('liveness', key, liveness('again'), 0)).rejects.toMatchObject({
        code: 'store.conflict',
      });
    });

    test('lets exactly one of twenty writers at the same time win', async () => {
      const revision = await one.put('liveness', key, liveness('new'), 0);
      const writes = Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : two).put('liveness', key, liveness(`writer ${index}`), revision),
      );
      const outcomes = await Promise.allSettled(writes);
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason.code] : [],
      );
      expect(refused).toEqual(Array(19).fill('store.conflict'));
    });

    test('creates anew what was deleted, whoever deleted it', async () => {
      const first = await one.put('liveness', key, liveness('new'), 0);
      await one.remove('liveness', key, first);
      const second = await two.put('liveness', key, liveness('again'), 0);
      await until(() => one.get('liveness', key)?.revision === second);
      expect(second).toBeGreaterThan(first);
    });

    test('lists a kind in key order, without other kinds', async () => {
      for (const nodeId of ['ccccccccccc', 'aaaaaaaaaaa', 'bbbbbbbbbbb']) {
        await one.put('liveness', nodeId, liveness('new', nodeId), 0);
      }
      await one.put('leadership', 'current', { nodeId: key, incarnation: 1 }, 0);
      expect(one.list('liveness').map((entry) => entry.key)).toEqual([
        'aaaaaaaaaaa',
        'bbbbbbbbbbb',
        'ccccccccccc',
      ]);
    });

    test('takes keys with any letter', async () => {
      const odd = 'a.b *>/=ä$';
      await one.put('liveness', odd, liveness('odd'), 0);
      await until(() => two.get('liveness', odd) !== undefined);
      expect(two.list('liveness').map((entry) => entry.key)).toEqual([odd]);
    });

    test('refuses a value that nobody could read', async () => {
      const verdict = 'undead' as 'dead';
      const write = one.put('liveness', key, { ...liveness('new'), verdict }, 0);
      await expect(write).rejects.toMatchObject({ code: 'store.invalid', retryable: false });
    });

    test('tells of each change once, and not after unsubscribing', async () => {
      const heard: string[] = [];
      const unsubscribe = one.onChange((kind, changed) => heard.push(`${kind} ${changed}`));
      const first = await one.put('liveness', key, liveness('new'), 0);
      const second = await two.put('liveness', 'bbbbbbbbbbb', liveness('b', 'bbbbbbbbbbb'), 0);
      await until(() => one.get('liveness', 'bbbbbbbbbbb')?.revision === second);
      unsubscribe();
      await one.remove('liveness', key, first);
      expect(heard).toEqual([`liveness ${key}`, 'liveness bbbbbbbbbbb']);
    });

    test('says which entry it can not read, and has all others', async () => {
      await one.put('liveness', key, liveness('new'), 0);
      await world.writeRaw('liveness.bbbbbbbbbbb', '{"verdict":"resting"}');
      await world.writeRaw('novelty.current', '{}');
      await until(() => two.problems().length === 2);
      expect(two.problems().map(({ path }) => path)).toEqual([
        'liveness.bbbbbbbbbbb',
        'novelty.current',
      ]);
      expect(two.list('liveness').map((entry) => entry.key)).toEqual([key]);
    });

    test('of an agent that comes later has everything from the moment it is ready', async () => {
      const revision = await one.put('liveness', key, liveness('new'), 0);
      const three = await world.openStore();
      expect({ synced: three.synced, revision: three.get('liveness', key)?.revision }).toEqual({
        synced: true,
        revision,
      });
    });
  });
}

/** What others wrote arrives some time; a test that waits too long fails by its timeout. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}
