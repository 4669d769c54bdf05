import { expect, test } from '@jest/globals';
import { wholeness } from '../../src/engine/wholeness.ts';
import { nodeView } from '../support/agent-views.ts';
import { plan } from '../support/why-entries.ts';

const plane = (hostname: string) => nodeView(hostname, { role: 'control-plane' });
const base = { leader: null, kubernetesVersion: 'v1.34.4', wantedControlPlanes: 1, plans: [] };
const replaced = (hostname: string, approved: boolean) => {
  const { nodeId } = nodeView(hostname);
  return { ...plan(`replace-${hostname}-30`, { nodeId }), approved };
};
const deadPlane = nodeView('n2', { role: 'control-plane', ready: false, liveness: 'dead' });

test.each([
  {
    when: 'all serve',
    view: { ...base, servingControlPlanes: 1, nodes: [plane('n1'), nodeView('n2')] },
    whole: true,
    summary: 'whole: 2 of 2 nodes Ready, 1 of 1 control planes serve',
  },
  {
    when: 'a machine never came',
    view: { ...base, servingControlPlanes: 1, nodes: [plane('n1')] },
    whole: false,
    summary:
      '1 of 1 nodes Ready, 1 of 1 control planes serve; waiting for 1 more machine with the same token',
  },
  {
    when: 'one left, and its agent still runs',
    view: {
      ...base,
      servingControlPlanes: 1,
      nodes: [
        plane('n1'),
        nodeView('n2', { role: 'spare', phase: 'left', leaving: true, ready: false }),
      ],
    },
    whole: true,
    summary: 'whole: 1 of 1 nodes Ready, 1 of 1 control planes serve',
  },
  {
    when: 'one is being installed',
    view: {
      ...base,
      servingControlPlanes: 1,
      nodes: [plane('n1'), nodeView('n2', { ready: false, phase: 'installing' })],
    },
    whole: false,
    summary: '1 of 2 nodes Ready, 1 of 1 control planes serve; waiting for n2 (installing)',
  },
  {
    when: 'one is dead',
    view: {
      ...base,
      servingControlPlanes: 1,
      nodes: [plane('n1'), nodeView('n2', { ready: false, liveness: 'dead' })],
    },
    whole: false,
    summary:
      '1 of 2 nodes Ready, 1 of 1 control planes serve; n2 is dead: bring it back, or start another machine',
  },
  {
    when: 'one is dead and people have to allow that it is replaced',
    view: {
      ...base,
      servingControlPlanes: 1,
      nodes: [plane('n1'), deadPlane],
      plans: [replaced('n3', false), replaced('n2', false)],
    },
    whole: false,
    summary:
      '1 of 2 nodes Ready, 1 of 1 control planes serve; n2 is dead: bring it back, or `civitas approve replace-n2-30`',
  },
  {
    when: 'one is dead and people have allowed that it is replaced',
    view: {
      ...base,
      servingControlPlanes: 1,
      nodes: [plane('n1'), deadPlane],
      plans: [replaced('n2', true)],
    },
    whole: false,
    summary:
      '1 of 2 nodes Ready, 1 of 1 control planes serve; n2 is dead: bring it back, or start another machine',
  },
  {
    when: 'one that nobody needs any more is dead',
    view: {
      ...base,
      servingControlPlanes: 1,
      nodes: [
        plane('n1'),
        nodeView('n2'),
        nodeView('n3', { role: 'spare', ready: false, liveness: 'dead' }),
      ],
    },
    whole: true,
    summary: 'whole: 2 of 2 nodes Ready, 1 of 1 control planes serve',
  },
  {
    when: 'one is still on its way out',
    view: {
      ...base,
      servingControlPlanes: 1,
      nodes: [plane('n1'), nodeView('n2'), nodeView('n3', { role: 'spare' })],
    },
    whole: false,
    summary: '2 of 2 nodes Ready, 1 of 1 control planes serve; waiting for n3 (serving)',
  },
  {
    when: 'a control plane is missing',
    view: {
      ...base,
      wantedControlPlanes: 3,
      servingControlPlanes: 1,
      nodes: [plane('n1'), nodeView('n2')],
    },
    whole: false,
    summary: '2 of 2 nodes Ready, 1 of 3 control planes serve; waiting for 2 more control planes',
  },
])('when $when: $summary', ({ view, whole, summary }) => {
  expect(wholeness(view, 2)).toEqual({ whole, summary });
});
