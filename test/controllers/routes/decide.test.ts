import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/routes/decide.ts';
import type { Status } from '../../../src/state/status.ts';
import { id, node, spec, status } from '../../support/controllers-entries.ts';

function withPods(number: number, podCidr: string | null = `10.244.${number}.0/24`): Status {
  const bare = status(number);
  return { ...bare, kubernetes: { ...bare.kubernetes, podCidr } };
}
function route(number: number, via = `10.0.0.${number}`) {
  return { podCidr: `10.244.${number}.0/24`, via };
}

const host: Observed['host'] = {
  routes: [route(2), route(3)],
  cniPodCidr: '10.244.1.0/24',
  masqueradeFor: '10.244.0.0/16',
  linkNetworks: ['fe80::/64', '10.0.0.0/24'],
};
/** n1 among n2 and n3, with everything in place. */
const converged: Observed = {
  self: id(1),
  settled: true,
  network: spec().network,
  nodes: [node(1), node(2), node(3)],
  statuses: [withPods(1), withPods(2), withPods(3)],
  host,
};
const bareHost = { ...host, routes: [], cniPodCidr: null, masqueradeFor: null };

function notOnOneNetwork(names: string) {
  const message = `${names} not on a network of this host; plugin host-gateway needs one L2 network: move them there, or found the cluster with network.plugin none and install a CNI plugin`;
  return { type: 'requeue', afterMs: 5_000, waiting: { reason: 'not-one-network', message } };
}

interface Row {
  when: string;
  observed: Partial<Observed>;
  actions: readonly unknown[];
}

describe('routes.decide', () => {
  test.each<Row>([
    { when: 'all is in place', observed: {}, actions: [] },
    {
      when: 'the host is bare',
      observed: { host: bareHost },
      actions: [
        { type: 'install-cni', podCidr: '10.244.1.0/24' },
        { type: 'masquerade', podSubnet: '10.244.0.0/16' },
        { type: 'add-route', route: route(2) },
        { type: 'add-route', route: route(3) },
      ],
    },
    {
      when: 'the spec is not known',
      observed: { network: undefined, host: bareHost },
      actions: [],
    },
    {
      when: 'another plugin does it',
      observed: { network: { ...spec().network, plugin: 'none' }, host: bareHost },
      actions: [],
    },
    {
      when: 'this node has no pod network yet',
      observed: { statuses: [withPods(1, null), withPods(2)], host: bareHost },
      actions: [],
    },
    {
      when: 'this node has not reported',
      observed: { statuses: [withPods(2)], host: bareHost },
      actions: [],
    },
    {
      when: 'this node was wiped since its report',
      observed: { nodes: [node(1, { incarnation: 2 }), node(2), node(3)], host: bareHost },
      actions: [],
    },
    {
      when: 'a node has no pod network yet',
      observed: {
        statuses: [withPods(1), withPods(2, null), withPods(3)],
        host: { ...host, routes: [route(3)] },
      },
      actions: [],
    },
    {
      when: 'a node left',
      observed: { nodes: [node(1), node(2)] },
      actions: [{ type: 'remove-route', route: route(3) }],
    },
    {
      when: 'a node changed its address',
      observed: { nodes: [node(1), node(2, { addresses: ['10.0.0.22'] }), node(3)] },
      actions: [
        { type: 'remove-route', route: route(2) },
        { type: 'add-route', route: route(2, '10.0.0.22') },
      ],
    },
    {
      when: 'the copy is not settled and lacks a node',
      observed: { settled: false, nodes: [node(1), node(2)] },
      actions: [],
    },
    {
      when: 'the copy is not settled and names another address',
      observed: {
        settled: false,
        nodes: [node(1), node(2, { addresses: ['10.0.0.22'] }), node(3)],
      },
      actions: [],
    },
    {
      when: 'the copy is not settled and has a new node',
      observed: { settled: false, host: { ...host, routes: [route(2)] } },
      actions: [{ type: 'add-route', route: route(3) }],
    },
    {
      when: 'the copy is empty',
      observed: { settled: false, nodes: [], statuses: [], network: undefined },
      actions: [],
    },
    {
      when: 'one node is on another network',
      observed: {
        nodes: [node(1), node(2), node(3, { addresses: ['10.1.0.3'] })],
        host: { ...host, routes: [] },
      },
      actions: [{ type: 'add-route', route: route(2) }, notOnOneNetwork('n3 (10.1.0.3) is')],
    },
    {
      when: 'a node has an IPv6 address only',
      observed: {
        nodes: [node(1), node(2), node(3, { addresses: ['fe80::3'] })],
        host: { ...host, routes: [route(2)] },
      },
      actions: [notOnOneNetwork('n3 (fe80::3) is')],
    },
    {
      when: 'many nodes are on another network',
      observed: {
        nodes: [1, 2, 3, 4, 5, 6, 7].map((number) => node(number)),
        statuses: [1, 2, 3, 4, 5, 6, 7].map((number) => withPods(number)),
        host: { ...host, routes: [], linkNetworks: [] },
      },
      actions: [
        notOnOneNetwork(
          'n2 (10.0.0.2), n3 (10.0.0.3), n4 (10.0.0.4), n5 (10.0.0.5), n6 (10.0.0.6) and 1 more are',
        ),
      ],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(decide({ ...converged, ...observed })).toEqual(actions);
  });
});
