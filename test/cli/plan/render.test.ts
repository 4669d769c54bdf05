import { describe, expect, test } from '@jest/globals';
import { plain } from '../../../src/cli/paint.ts';
import { renderBars } from '../../../src/cli/plan/render-bars.ts';
import { renderPlans } from '../../../src/cli/plan/render-plans.ts';
import { renderRollout } from '../../../src/cli/plan/render-rollout.ts';
import { rolloutNews } from '../../../src/cli/plan/rollout-news.ts';
import type { KnownLog } from '../../../src/state/known-log.ts';
import { type RolloutView, rolloutView } from '../../../src/state/rollout-view.ts';
import { entry, id } from '../../support/controllers-entries.ts';
import {
  order,
  progressEntry,
  rolloutEntry,
  step,
  upkeep,
  work,
} from '../../support/rollout-entries.ts';
import { keyed, knownLog, plan } from '../../support/why-entries.ts';

const PLAN = 'upgrade-v1-35-1-57';
/** Half a minute after the canary was begun. */
const NOW_MS = 150_000;
const OPTIONS = { paint: plain, wallMs: NOW_MS };

function view(differs: Partial<KnownLog> = {}, steps?: RolloutView['steps']): RolloutView {
  const log = knownLog({ progresses: [progressEntry()], ...differs });
  return rolloutView(rolloutEntry(steps ? { steps: [...steps] } : {}), log, NOW_MS);
}

const CANARY = {
  orders: [entry('order', order(2)) as KnownLog['orders'][number]],
  upkeeps: [entry('upkeep', upkeep(2, {}, work(2))) as KnownLog['upkeeps'][number]],
};
const waiting = { reason: 'x', message: 'until n1 is whole', sinceWallMs: 140_000 };
const ended = { state: 'done', stage: '', endedWallMs: 240_000 } as const;

test('civitas plan lists rollouts, and what waits for approval', () => {
  const approval = { ...waiting, message: 'civitas approve' };
  const rollouts = [
    view({ progresses: [progressEntry(ended)] }),
    view(),
    view({ progresses: [progressEntry({ state: 'waiting', stage: 'prepare', steps: [] })] }),
    view({ progresses: [] }),
    view({ progresses: [progressEntry({ state: 'waiting', waiting: approval, steps: [] })] }),
  ];
  const replacement = plan('replace-n2-30', { summary: 'n2 is dead' });
  const plans = [
    { ...replacement, approved: false },
    { ...replacement, approved: true },
  ];
  expect(renderPlans(rollouts, plans, { wide: false, wallMs: NOW_MS }).split('\n')).toEqual([
    'PLAN                 ACTION    STATE      STEPS   STAGE     AGE     LEFT    WAITS FOR',
    'upgrade-v1-35-1-57   upgrade   done       1/3     -         2m10s   -       -',
    'upgrade-v1-35-1-57   upgrade   running    1/3     canary    2m10s   1m30s   -',
    'upgrade-v1-35-1-57   upgrade   waiting    0/3     prepare   2m10s   4m30s   -',
    'upgrade-v1-35-1-57   upgrade   waiting    0/3     -         2m20s   4m30s   -',
    'upgrade-v1-35-1-57   upgrade   waiting    0/3     canary    2m10s   4m30s   civitas approve (10s)',
    'replace-n2-30        replace   waiting    -       -         -       -       civitas approve replace-n2-30',
    'replace-n2-30        replace   approved   -       -         -       -       -',
    '',
  ]);
  expect(renderPlans([], plans.slice(0, 1), { wide: true, wallMs: NOW_MS }).split('\n')).toEqual([
    'PLAN            ACTION    STATE     STEPS   STAGE   AGE   LEFT   WAITS FOR                       WHAT',
    'replace-n2-30   replace   waiting   -       -       -     -      civitas approve replace-n2-30   n2 is dead',
    '',
  ]);
  expect(renderPlans([], [], { wide: false, wallMs: NOW_MS })).toBe('Nothing is planned.\n');
});

test('civitas plan NAME shows every step, and what is done right now', () => {
  const holds = [keyed('hold', PLAN, { planId: PLAN, word: 'resume', saidWallMs: 0 })];
  const approvals = [keyed('approval', PLAN, { planId: PLAN, approvedWallMs: 0 })];
  const progresses = [progressEntry({ waiting })];
  const shown = renderRollout(view({ ...CANARY, holds, approvals, progresses }), OPTIONS);
  expect(shown.split('\n')).toEqual([
    'upgrade-v1-35-1-57: Upgrade 3 nodes: v1.34.4 → v1.35.1',
    '',
    'State:      running, canary, 1 of 3 steps',
    'Planned:    1970-01-01 00:00:10, from revision 58, for the spec of revision 57',
    'People say: approve, resume',
    'Waits for:  until n1 is whole (10s)',
    'Before it:  every node answers',
    '            every control plane is whole',
    'Afterwards: every part of 3 nodes is v1.35.1',
    'Takes:      about 1m30s, if nothing keeps it',
    '',
    '#   NODE   TASK                            RELEASE   DISTURBS         UNDO       TAKES   STATE',
    '1   n1     upgrade-control-plane (first)   v1.35.1   its API server   put back   2m30s   done after 1m40s',
    '2   n2     upgrade-kubelet                 v1.35.1   its pods move    put back   1m0s    under way for 30s: starts the kubelet',
    '3   n3     upgrade-kubelet                 v1.35.1   its pods move    put back   1m0s    to do',
    '',
  ]);
});

test('civitas plan NAME tells why a step failed, also once all was cancelled', () => {
  const times = { startedWallMs: 0, endedWallMs: 365_000 };
  const failed = {
    index: 1,
    operationId: 'o',
    ...times,
    outcome: 'failed',
    why: 'no disk',
  } as const;
  const of = (state: 'paused' | 'cancelled') =>
    view({ progresses: [progressEntry({ state, steps: [failed] })] });
  expect(of('cancelled').steps.map(({ why }) => why)).toEqual([null, 'no disk', null]);
  expect(renderRollout(of('cancelled'), OPTIONS)).toContain('failed after 6m5s: no disk\n');
  expect(rolloutNews(undefined, of('paused'))[0]).toBe(
    'n2 upgrade-kubelet v1.35.1: failed after 6m5s: no disk',
  );
});

describe('civitas plan --watch', () => {
  test('has a bar for each node on a terminal', () => {
    const steps = [...view().steps, { ...step(1, { stage: 'checks', task: 'survey' }) }];
    const progresses = [progressEntry({ waiting })];
    const shown = renderBars(
      view({ ...CANARY, progresses }, steps as RolloutView['steps']),
      OPTIONS,
    );
    expect(shown.split('\n')).toEqual([
      'upgrade-v1-35-1-57 running, canary: 1 of 4 steps, about 2m30s left',
      'waits for until n1 is whole (10s)',
      '',
      'NODE                      STEPS   NOW',
      'n1     ████████░░░░░░░░   1/2',
      'n2     ████████░░░░░░░░   0/1     upgrade-kubelet v1.35.1: starts the kubelet',
      'n3     ░░░░░░░░░░░░░░░░   0/1',
    ]);
  });

  test('counts what is done, and not what was dropped as people cancelled', () => {
    const dropped = [0, 1, 2].map((index) => {
      const times = { startedWallMs: 0, endedWallMs: 77_000 };
      return { index, operationId: `o-${index}`, ...times, outcome: 'dropped' as const };
    });
    const cancelled = view({ progresses: [progressEntry({ state: 'cancelled', steps: dropped })] });
    expect(cancelled.doneSteps).toBe(0);
    expect(renderBars(cancelled, OPTIONS).split('\n').slice(2)).toEqual([
      'NODE                      STEPS   NOW',
      'n1     ░░░░░░░░░░░░░░░░   0/1',
      'n2     ░░░░░░░░░░░░░░░░   0/1',
      'n3     ░░░░░░░░░░░░░░░░   0/1',
    ]);
  });

  test('shows what failed, and never takes a late step for done', () => {
    const [first] = progressEntry().value.steps;
    const late = { index: 1, operationId: 'x', startedWallMs: 0, endedWallMs: null, outcome: null };
    const failed = {
      index: 2,
      operationId: 'y',
      startedWallMs: 0,
      endedWallMs: 1,
      outcome: 'failed',
    };
    const steps = [first, late, failed].flatMap((each) => each ?? []);
    const paused = progressEntry({ state: 'paused', steps: steps as never });
    const shown = renderBars(view({ progresses: [paused] }), OPTIONS);
    expect(shown.split('\n').slice(2)).toEqual([
      'NODE                      STEPS   NOW',
      'n1     ████████████████   1/1',
      'n2     ██████████████░░   0/1     upgrade-kubelet v1.35.1',
      'n3     ░░░░░░░░░░░░░░░░   0/1     upgrade-kubelet failed',
    ]);
  });

  test('tells each change once where there is no terminal', () => {
    const begun = view();
    const stuck = view({
      ...CANARY,
      upkeeps: [
        entry('upkeep', upkeep(2, {}, work(2, { waiting }))) as KnownLog['upkeeps'][number],
      ],
      progresses: [progressEntry({ waiting })],
    });
    const done = view({ progresses: [progressEntry(ended)] });
    const turn = { ...waiting, reason: 'max-unavailable', message: 'n2 is next' };
    const next = view({ progresses: [progressEntry({ waiting: turn })] });
    const looks = [undefined, begun, next, stuck, done];
    const news = looks.slice(1).map((now, index) => rolloutNews(looks[index], now ?? begun));
    expect(news).toEqual([
      [
        'n1 upgrade-control-plane v1.35.1: done after 1m40s',
        'n2 upgrade-kubelet v1.35.1: under way',
        'upgrade-v1-35-1-57: running, canary',
      ],
      [],
      [
        'n2 upgrade-kubelet v1.35.1 waits for: until n1 is whole',
        'upgrade-v1-35-1-57 waits for: until n1 is whole',
      ],
      ['upgrade-v1-35-1-57: done'],
    ]);
  });
});

test('a node that gives its pods away says how many are left', () => {
  const drains = [
    keyed('drain', id(2), {
      nodeId: id(2),
      incarnation: 1,
      operationId: order(2).operationId,
      by: id(1),
      state: 'draining',
      podsLeft: 3,
      waiting,
    }),
  ];
  const { doing, waiting: told } = view({ ...CANARY, drains }).steps[1] ?? {};
  expect({ doing, told }).toEqual({ doing: 'gives its pods away, 3 left', told: waiting });
});

test('a step that is taken back says so, and is to do once more', () => {
  const orders = [entry('order', order(2, { recalled: true })) as KnownLog['orders'][number]];
  const shownBy = (differs: Partial<KnownLog>) =>
    view({ orders, ...differs }).steps.map(({ state, doing }) => `${state}: ${doing}`);
  const [first, second] = progressEntry().value.steps;
  if (!first || !second) throw new RangeError('two steps were begun');
  const ends = { endedWallMs: NOW_MS, outcome: 'recalled' } as const;
  const takenBack = progressEntry({ steps: [first, { ...second, ...ends }] });
  expect(shownBy({})[1]).toBe('under-way: is let off its drain');
  expect(shownBy({ progresses: [takenBack] })[1]).toBe('to-do: null');
});
