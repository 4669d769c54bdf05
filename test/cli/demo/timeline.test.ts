import { expect, test } from '@jest/globals';
import { timeline } from '../../../src/cli/demo/timeline.ts';
import type { AgentView } from '../../../src/state/agent-view.ts';
import { agentView, nodeView } from '../../support/agent-views.ts';

const peer = (hostname: string) => ({ nodeId: hostname, hostname, address: '', refusal: null });
const newcomer = nodeView('n1', { role: null, phase: 'preparing', ready: false });

type Differs = Partial<AgentView>;
const seen = (differs: Differs) => new Map([['n1', agentView(differs)]]);

interface Row {
  readonly what: string;
  readonly before: Differs;
  readonly after: Differs;
  readonly lines: readonly string[];
}

test('nothing new, nothing told', () => {
  const same = seen({ nodes: [nodeView('n1')] });
  expect(timeline(same, same)).toEqual([]);
});

test.each<Row>([
  {
    what: 'agents find each other',
    before: { phase: 'forming', clusterId: null, peers: [peer('n2')] },
    after: { phase: 'forming', clusterId: null, peers: [peer('n2'), peer('n3')] },
    lines: ['n1 found n3'],
  },
  {
    what: 'a cluster is founded',
    before: { phase: 'forming', clusterId: null },
    after: { phase: 'connecting' },
    lines: ['genesis: cluster 0d5ba1ab-0000-4000-8000-000000000000, epoch 1'],
  },
  {
    what: 'the log comes up and somebody leads',
    before: { phase: 'connecting' },
    after: { leader: 'n1aaaaaaaaa', nodes: [newcomer] },
    lines: ['the log answers', 'n1 leads', 'n1 enrolled'],
  },
  {
    what: 'a node gets its role and serves',
    before: { nodes: [nodeView('n2', { role: null, phase: 'waiting', ready: false })] },
    after: { nodes: [nodeView('n2')] },
    lines: ['n2 becomes worker', 'n2 is serving', 'n2 is Ready'],
  },
  {
    what: 'a node dies in a whole cluster',
    before: { whole: true, summary: 'whole', nodes: [nodeView('n2')] },
    after: { summary: 'n2 is dead', nodes: [nodeView('n2', { liveness: 'dead', ready: false })] },
    lines: ['n2 is dead', 'the cluster is no longer whole: n2 is dead'],
  },
])('it tells that $what', ({ before, after, lines }) => {
  expect(timeline(seen(before), seen(after))).toEqual(lines);
});
