import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/node-address/decide.ts';

const flagsAt = (address: string) =>
  `KUBELET_KUBEADM_ARGS="--hostname-override=n1 --node-ip=${address}"\n`;

const right: Observed = {
  serves: true,
  addresses: ['10.0.0.1', '10.1.0.1'],
  hostsControlPlane: false,
  kubeletFlags: flagsAt('10.0.0.1'),
  registered: undefined,
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
      when: 'the kubelet has told another of the addresses of its host',
      observed: { ...right, registered: '10.1.0.1' },
      actions: [],
    },
    {
      when: 'a control plane has lost the address that it was set up for',
      observed: { ...moved, hostsControlPlane: true },
      actions: [
        {
          type: 'requeue',
          afterMs: 10_000,
          waiting: {
            reason: 'address-changed',
            message:
              'the control plane on this host is set up for 10.0.0.99, and the host is at ' +
              '10.0.0.1, 10.1.0.1 now: give it the old address back; or stop civitas, run ' +
              '`kubeadm reset`, empty the state directory and start civitas again, as a new node',
          },
        },
      ],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(decide({ ...right, ...observed })).toEqual(actions);
  });
});
