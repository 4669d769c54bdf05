import { expect, test } from '@jest/globals';
import { plain } from '../../src/cli/paint.ts';
import { renderStatus } from '../../src/cli/render-status.ts';
import { type RolloutSummary, rolloutSummary } from '../../src/state/rollout-summary.ts';
import { agentView, nodeView } from '../support/agent-views.ts';
import { order, progressEntry, rolloutEntry, upkeep, work } from '../support/rollout-entries.ts';
import { keyed, knownLog } from '../support/why-entries.ts';

const waiting = { reason: 'x', message: 'etcd of n1 answers: look at it', sinceWallMs: 30_000 };

const SUMMARY: RolloutSummary = {
  planId: 'upgrade-v1-35-1-57',
  action: 'upgrade',
  state: 'running',
  stage: 'canary',
  steps: 3,
  doneSteps: 1,
  doing: ['n2 upgrade-kubelet: starts the kubelet'],
  waiting,
};

const log = knownLog({
  rollouts: [rolloutEntry()],
  progresses: [progressEntry()],
  orders: [keyed('order', order(2).nodeId, order(2))],
  upkeeps: [keyed('upkeep', upkeep(2).nodeId, upkeep(2, {}, work(2, { waiting })))],
});

test('the rollout under way is what its newest entries say, and waits for what its step does', () => {
  expect(rolloutSummary(log)).toEqual(SUMMARY);
});

test('its own wait counts more than that of a step', () => {
  const own = { ...waiting, message: 'n3 is whole again' };
  const progresses = [progressEntry({ waiting: own })];
  expect(rolloutSummary({ ...log, progresses })?.waiting).toEqual(own);
});

test.each([
  { when: 'there is none', differs: { rollouts: [] } },
  { when: 'it is done', differs: { progresses: [progressEntry({ state: 'done' })] } },
  { when: 'it was cancelled', differs: { progresses: [progressEntry({ state: 'cancelled' })] } },
])('nothing is told when $when', ({ differs }) => {
  expect(rolloutSummary({ ...log, ...differs })).toBeNull();
});

test('one that nobody has begun is under way, too, and the newest of two counts', () => {
  const later = rolloutEntry({ planId: 'upgrade-v1-35-2-99' }, 99);
  expect(rolloutSummary({ ...log, rollouts: [later, rolloutEntry()] })).toMatchObject({
    planId: 'upgrade-v1-35-2-99',
    state: 'waiting',
    stage: '-',
    doing: [],
  });
});

test('civitas status has it below the nodes, with the versions of all parts where there is room', () => {
  const { parts } = upkeep(1, { apiServer: 'v1.35.1', etcd: '3.6.5' });
  const view = agentView({
    summary: '1 of 2 nodes Ready',
    nodes: [nodeView('n1', { role: 'control-plane', parts }), nodeView('n2')],
    rollout: SUMMARY,
  });
  expect(renderStatus(view, { wide: true, paint: plain, wallMs: 72_000 }).split('\n')).toEqual([
    '○ cluster 0d5ba1ab: 1 of 2 nodes Ready',
    '',
    'NODE   ROLE            PHASE     READY   KUBELET   ALIVE   ADDRESS     API SERVER   CONTROLLERS   SCHEDULER   ETCD    ID            ZONE',
    'n1     control-plane   serving   yes     v1.34.4   yes     10.88.0.1   v1.35.1      -             -           3.6.5   n1aaaaaaaaa   -',
    'n2     worker          serving   yes     v1.34.4   yes     10.88.0.1   -            -             -           -       n2aaaaaaaaa   -',
    '',
    'Rollout upgrade-v1-35-1-57: running, canary, 1 of 3 steps (civitas plan --watch)',
    '  n2 upgrade-kubelet: starts the kubelet',
    '  waits for: etcd of n1 answers: look at it (42s)',
    '',
  ]);
});
