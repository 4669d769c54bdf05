import { describe, expect, test } from '@jest/globals';
import { refuseOtherChange } from '../../../src/controllers/drift/refuse-other-change.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import { id } from '../../support/controllers-entries.ts';
import { FakeStore } from '../../support/controllers-store.ts';
import { orderOf } from '../../support/upkeep-bench.ts';

async function refusal(tasks: readonly OrderTask[], synced: boolean): Promise<unknown> {
  const store = new FakeStore();
  for (const [index, task] of tasks.entries()) {
    await store.set('order', id(index + 1), orderOf(index + 1, task));
  }
  const seen = { ...store, synced, list: store.list.bind(store) } as unknown as FakeStore;
  try {
    return refuseOtherChange({ store: seen });
  } catch (error) {
    return error;
  }
}

describe('a manifest is put back', () => {
  test.each<{ when: string; tasks: readonly OrderTask[]; synced: boolean; refused: boolean }>([
    { when: 'nothing was ordered', tasks: [], synced: true, refused: false },
    { when: 'what was ordered disturbs nobody', tasks: ['prepare'], synced: true, refused: false },
    {
      when: 'a node was ordered to upgrade its kubelet',
      tasks: ['prepare', 'upgrade-kubelet'],
      synced: true,
      refused: true,
    },
    { when: 'the log is out of reach', tasks: [], synced: false, refused: true },
  ])('when $when: refused $refused', async ({ tasks, synced, refused }) => {
    const expected = expect.objectContaining({ code: 'drift.other-change', retryable: true });
    expect(await refusal(tasks, synced)).toEqual(refused ? expected : undefined);
  });
});
