import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/node-address/decide.ts';
import type {
  MovedControlPlane,
  Observed,
} from '../../../src/controllers/node-address/observed.ts';

const flagsAt = (address: string) =>
  `KUBELET_KUBEADM_ARGS="--hostname-override=n1 --node-ip=${address}"\n`;

const right: Observed = {
  serves: true,
  addresses: ['10.0.0.1', '10.1.0.1'],
  kubeletFlags: flagsAt('10.0.0.1'),
  registered: undefined,
  proxyIsBehind: false,
  controlPlane: undefined,
};

const moved: Observed = { ...right, kubeletFlags: flagsAt('10.0.0.99') };
const restart = { type: 'restart-kubelet' };

interface Row {
  when: string;
  observed: Partial<Observed>;
  actions: unknown;
}

describe('node-address.decide', () => {
  test.each<Row>([
    { when: 'the kubelet has the address of its host', observed: right, actions: [] },
    {
      when: 'the kubelet has another of the addresses of its host',
      observed: { ...right, kubeletFlags: flagsAt('10.1.0.1') },
      actions: [],
    },
    {
      when: 'the host has lost the address',
      observed: moved,
      actions: [{ type: 'write-flags', content: flagsAt('10.0.0.1') }, restart],
    },
    { when: 'the host does not serve', observed: { ...moved, serves: false }, actions: [] },
    {
      when: 'kubeadm has left no flags',
      observed: { ...moved, kubeletFlags: undefined },
      actions: [],
    },
    {
      when: 'the flags name no address',
      observed: { ...moved, kubeletFlags: 'KUBELET_KUBEADM_ARGS=""\n' },
      actions: [],
    },
    {
      when: 'the kubelet has not told the address that it was given',
      observed: { ...right, registered: '10.0.0.99' },
      actions: [restart],
    },
    {
      when: 'the kubelet has told the address that it was given',
      observed: { ...right, registered: '10.0.0.1' },
      actions: [],
    },
    {
      when: 'the kubelet has told the address that it was given, after kube-proxy was started',
      observed: { ...right, registered: '10.0.0.1', proxyIsBehind: true },
      actions: [{ type: 'restart-kube-proxy' }],
    },
    {
      when: 'the kubelet has not told its address, and kube-proxy knows the former one',
      observed: { ...right, registered: '10.0.0.99', proxyIsBehind: true },
      actions: [restart],
    },
    {
      when: 'nobody tells which address the kubelet has told',
      observed: { ...right, proxyIsBehind: true },
      actions: [],
    },
    {
      when: 'the kubelet, which chooses its address itself, has told it after kube-proxy was started',
      observed: { ...right, kubeletFlags: '', registered: '10.0.0.1', proxyIsBehind: true },
      actions: [{ type: 'restart-kube-proxy' }],
    },
    {
      when: 'the kubelet has told another of the addresses of its host',
      observed: { ...right, registered: '10.1.0.1' },
      actions: [],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(decide({ ...right, ...observed })).toEqual(actions);
  });
});

const controlPlane: MovedControlPlane = {
  former: '10.0.0.99',
  isEnrolled: true,
  listed: 'here',
  lacking: [],
  command: { phase: 'absent' },
  inStateForMs: 0,
  isUnderOrder: false,
};
const lacking = ['apiserver', 'etcd-peer'];
const make = { type: 'make-leaves', names: lacking, address: '10.0.0.1' };
const forget = { type: 'forget-command', address: '10.0.0.1' };
const readdress = {
  type: 'readdress',
  former: '10.0.0.99',
  address: '10.0.0.1',
  reasons: {
    action: 'readdress',
    summary:
      'The control plane follows its host from 10.0.0.99 to 10.0.0.1: its certificates, manifests and kubeconfigs name that now.',
    guards: [
      {
        name: 'members-told',
        passed: true,
        message: 'The other members of etcd look for this one at 10.0.0.1.',
      },
    ],
    rejected: [],
  },
};
const soon = { type: 'requeue', afterMs: 1_000 };
const failure = { outcome: 'failed', reason: 'no authority', output: '' } as const;
const ended = { phase: 'ended', ...failure } as const;

function wait(until: string) {
  const message = `the control plane on this host is set up for 10.0.0.99, which the host has no more; it follows as soon as ${until}`;
  return { type: 'requeue', afterMs: 5_000, waiting: { reason: 'address-changed', message } };
}
const untilListed = wait(
  'most members of etcd know that this one is at 10.0.0.1: start the other control planes, or give the old address back',
);

describe('node-address.decide, of a control plane that was set up for another address,', () => {
  test.each<{ when: string; change: Partial<MovedControlPlane>; actions: unknown }>([
    {
      when: 'the log does not have it there yet',
      change: { isEnrolled: false, listed: 'alone' },
      actions: [wait('the log has this host at 10.0.0.1')],
    },
    {
      when: 'the others look for it at the old one',
      change: { listed: 'elsewhere' },
      actions: [untilListed],
    },
    {
      when: 'nobody tells where they look for it',
      change: { listed: 'unknown', lacking },
      actions: [untilListed],
    },
    {
      when: 'its leaves do not name the new one',
      change: { lacking },
      actions: [make, soon],
    },
    {
      when: 'it is the only one, and its leaves do not name the new one',
      change: { listed: 'alone', lacking },
      actions: [make, soon],
    },
    {
      when: 'kubeadm makes leaves',
      change: { lacking, command: { phase: 'running' } },
      actions: [soon],
    },
    {
      when: 'kubeadm did not make them',
      change: { lacking, command: ended },
      actions: [
        wait(
          'kubeadm has made apiserver, etcd-peer for 10.0.0.1, which is tried again: no authority',
        ),
      ],
    },
    {
      when: 'kubeadm did not make them a while ago',
      change: { lacking, command: ended, inStateForMs: 30_000 },
      actions: [forget],
    },
    {
      when: 'its leaves name the new one',
      change: { command: ended },
      actions: [forget, readdress, soon],
    },
    {
      when: 'its leaves named the new one all along',
      change: {},
      actions: [readdress, soon],
    },
    {
      when: 'an order changes the same files',
      change: { isUnderOrder: true },
      actions: [wait('an upgrade or a change of its configuration is over')],
    },
  ])('when $when', ({ change, actions }) => {
    const observed = { ...moved, controlPlane: { ...controlPlane, ...change } };
    expect(decide(observed)).toEqual(actions);
  });
});
