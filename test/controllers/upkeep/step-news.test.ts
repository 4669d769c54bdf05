import { expect, test } from '@jest/globals';
import { stepNews } from '../../../src/controllers/upkeep/step-news.ts';
import type { Progress } from '../../../src/state/rollout.ts';
import { progress, rollout } from '../../support/rollout-entries.ts';

type Try = Progress['steps'][number];

function tried(index: number, outcome: Try['outcome'], why?: string): Try {
  const times = { startedWallMs: 0, endedWallMs: outcome === null ? null : 1_000 };
  return { index, operationId: `o-${index}`, ...times, outcome, ...(why && { why }) };
}

const at = (...steps: readonly Try[]) => progress({ steps: [...steps] });

test.each<{ what: string; before?: Progress; next: Progress; news: readonly string[] }>([
  {
    what: 'nothing, while a step is under way or ended before',
    before: at(tried(0, 'done'), tried(1, null)),
    next: at(tried(0, 'done'), tried(1, null), tried(2, null)),
    news: [],
  },
  {
    what: 'steps of the same kind together',
    before: at(tried(1, null), tried(2, null)),
    next: at(tried(1, 'done'), tried(2, 'done')),
    news: ['upgrade-kubelet (v1.35.1) is done: n2, n3'],
  },
  {
    what: 'a failure first, with its cause',
    before: at(tried(0, null), tried(1, null)),
    next: at(tried(0, 'done'), tried(1, 'failed', 'its kubelet did not start')),
    news: [
      'n2 failed to upgrade kubelet: its kubelet did not start',
      'upgrade-control-plane (v1.35.1) is done: n1',
    ],
  },
  {
    what: 'what came to nothing',
    before: at(tried(1, null), tried(2, null)),
    next: at(tried(1, 'dropped'), tried(2, 'recalled')),
    news: [
      'upgrade-kubelet (v1.35.1) was dropped: n2',
      'upgrade-kubelet (v1.35.1) was taken back before it began: n3',
    ],
  },
  {
    what: 'the end of a second try, as the first one was told already',
    before: at(tried(1, 'failed', 'no disk'), tried(1, null)),
    next: at(tried(1, 'failed', 'no disk'), tried(1, 'done')),
    news: ['upgrade-kubelet (v1.35.1) is done: n2'],
  },
])('of steps that ended is told: $what', ({ before, next, news }) => {
  expect(stepNews(rollout(), before, next)).toEqual(news);
});
