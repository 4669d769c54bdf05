import { expect, test } from '@jest/globals';
import { plain } from '../../src/cli/paint.ts';
import { renderStatus } from '../../src/cli/render-status.ts';
import type { AgentView } from '../../src/state/agent-view.ts';
import { agentView, nodeView } from '../support/agent-views.ts';

const options = { wide: false, paint: plain, wallMs: 72_000 };

test('a whole cluster reads as one sentence and its nodes', () => {
  const view = agentView({
    whole: true,
    summary: 'whole: 2 of 2 nodes Ready, 1 of 1 control planes serve',
    nodes: [nodeView('n1', { role: 'control-plane' }), nodeView('n2', { address: '10.88.0.2' })],
  });
  expect(renderStatus(view, options)).toBe(
    [
      '● cluster 0d5ba1ab: whole: 2 of 2 nodes Ready, 1 of 1 control planes serve',
      '',
      'NODE   ROLE            PHASE     READY   KUBELET   ALIVE   ADDRESS',
      'n1     control-plane   serving   yes     v1.34.4   yes     10.88.0.1',
      'n2     worker          serving   yes     v1.34.4   yes     10.88.0.2',
      '',
    ].join('\n'),
  );
});

test('a spare is shown with whether it is warm', () => {
  const spare = { role: 'spare', phase: 'spare', ready: false, kubeletVersion: null } as const;
  const view = agentView({
    nodes: [
      nodeView('n1', { ...spare, standBy: 'warm' }),
      nodeView('n2', { ...spare, standBy: 'warming', waiting: wait('no images') }),
      nodeView('n3', spare),
    ],
  });
  expect(renderStatus(view, options).split('\n').slice(2)).toEqual([
    'NODE   ROLE    PHASE             READY   KUBELET   ALIVE   ADDRESS',
    'n1     spare   spare (warm)      no      -         yes     10.88.0.1',
    'n2     spare   spare (warming)   no      -         yes     10.88.0.1',
    'n3     spare   spare             no      -         yes     10.88.0.1',
    '',
    'Waiting:',
    '  n2: no images (1m2s)',
    '',
  ]);
});

test('what nobody can know, and who left or was drained, is shown as that', () => {
  const spare = { role: 'spare', ready: false, kubeletVersion: null } as const;
  const view = agentView({
    nodes: [
      nodeView('n1', { phase: 'unknown', liveness: 'dead', ready: false }),
      nodeView('n2', { ...spare, phase: 'left', leaving: true }),
      nodeView('n3', { ...spare, phase: 'left', leaving: true, liveness: 'dead' }),
      nodeView('n4', { drain: 'asked' }),
      nodeView('n5', { drain: 'draining' }),
      nodeView('n6', { drain: 'drained' }),
    ],
  });
  expect(renderStatus(view, options).split('\n').slice(2)).toEqual([
    'NODE   ROLE     PHASE                     READY   KUBELET   ALIVE   ADDRESS',
    'n1     worker   unknown                   -       v1.34.4   dead    10.88.0.1',
    'n2     -        left                      -       -         -       10.88.0.1',
    'n3     -        left                      -       -         -       10.88.0.1',
    'n4     worker   serving (to be drained)   yes     v1.34.4   yes     10.88.0.1',
    'n5     worker   serving (draining)        yes     v1.34.4   yes     10.88.0.1',
    'n6     worker   serving (drained)         yes     v1.34.4   yes     10.88.0.1',
    '',
  ]);
});

test.each([
  {
    what: 'an upgrade',
    cancelled: {
      planId: 'upgrade-v1-34-5-57',
      action: 'upgrade' as const,
      runs: ['v1.34.4', 'v1.34.5'],
      wants: 'v1.34.5',
    },
    line: 'Cancelled: the cluster runs v1.34.4 and v1.34.5, the spec says v1.34.5, as upgrade-v1-34-5-57 was cancelled; any edit of the spec plans it anew (civitas edit)',
  },
  {
    what: 'a reconfiguration',
    cancelled: {
      planId: 'reconfigure-57',
      action: 'reconfigure' as const,
      runs: ['v1.34.4'],
      wants: 'v1.34.4',
    },
    line: 'Cancelled: not every node has the configuration that the spec says, as reconfigure-57 was cancelled; any edit of the spec plans it anew (civitas edit)',
  },
])('$what that people cancelled is one line with what brings it back', ({ cancelled, line }) => {
  const view = agentView({ whole: true, summary: 'whole', cancelled });
  expect(renderStatus(view, options).split('\n').slice(1)).toEqual(['', line, '']);
});

test('every wait names who waits, for what and how long', () => {
  const view = agentView({
    phase: 'forming',
    clusterId: null,
    summary: 'waiting for 1 more of 3 nodes',
    nodes: [nodeView('n3', { ready: false, phase: 'waiting', waiting: wait('no containerd') })],
    conditions: [
      { source: 'roles', state: 'idle', reason: null, message: null, sinceWallMs: null },
      { source: 'log', state: 'failing', reason: 'x', message: 'no quorum', sinceWallMs: 70_000 },
    ],
    discovery: [{ name: 'mdns', state: 'ok', message: '2 answers' }],
    peers: [{ nodeId: 'b', hostname: 'n2', address: '10.88.0.2', refusal: 'clock 61 s behind' }],
  });
  expect(renderStatus(view, options)).toBe(
    [
      '○ no cluster yet: waiting for 1 more of 3 nodes',
      '',
      'NODE   ROLE     PHASE     READY   KUBELET   ALIVE   ADDRESS',
      'n3     worker   waiting   no      v1.34.4   yes     10.88.0.1',
      '',
      'Waiting:',
      '  n3: no containerd (1m2s)',
      '  n1/log: no quorum (2s)',
      '',
      'DISCOVERY   STATE   MESSAGE',
      'mdns        ok      2 answers',
      '',
      'PEER   ID   ADDRESS     COUNTED',
      'n2     b    10.88.0.2   no: clock 61 s behind',
      '',
    ].join('\n'),
  );
});

test('what may be lost now stands below the nodes, and what is missing in a frozen cluster', () => {
  const quorum = { members: 3, healthy: 3, needed: 2, missing: [] };
  const budget = {
    frozen: false,
    etcd: quorum,
    log: quorum,
    controlPlanes: { living: 3, mayBeLost: 1, oneOf: [] },
    workers: { living: 3, mayBeLost: 3, oneOf: [] },
    zones: [],
    indispensable: [],
  };
  const frozen = {
    ...budget,
    frozen: true,
    etcd: { ...quorum, healthy: 1, missing: ['n2', 'n3'] },
  };
  const lineOf = (given: AgentView['budget']) =>
    renderStatus(agentView({ budget: given }), options).split('\n')[2];
  expect(lineOf(budget)).toBe('May be lost now: any 1 control plane, 3 workers');
  expect(lineOf(frozen)).toBe('Frozen: etcd has 1 of 3 healthy and needs 2: bring back n2 or n3');
});

function wait(message: string) {
  return { reason: 'host', message, sinceWallMs: 10_000 };
}
