import { countText } from '../../state/count-text.ts';
import type { Rollout } from '../../state/rollout.ts';

/** What a rollout does, and what is so afterwards, for people. */
export function planWords(action: Rollout['action'], releases: readonly string[], hosts: number) {
  const nodes = countText(hosts, 'node');
  const target = releases.at(-1);
  switch (action) {
    case 'upgrade':
      return {
        summary: `Upgrade ${nodes}: ${releases.join(' → ')}`,
        expected: `every part of ${nodes} is ${target}, every node is Ready, and every control plane is whole`,
      };
    case 'reconfigure':
      return {
        summary: `Bring ${nodes} to what spec.kubeadm says`,
        expected: `${nodes} ${hosts === 1 ? 'runs' : 'run'} with the configuration of the spec`,
      };
    case 'renew-certificates':
      return {
        summary: `Renew the certificates of ${nodes}`,
        expected: `every certificate of ${nodes} has more than a third of its life before it`,
      };
  }
}

/** What must be so before the first node is touched, for people. */
export function preconditionsOf(action: Rollout['action']): readonly string[] {
  const always = [
    'no node joins or leaves, and no other node is out of service',
    'every node answers, or is dead for certain',
    'every control plane is whole, in ten looks in a row',
  ];
  if (action !== 'upgrade') return always;
  return [
    ...always,
    'programs and images of the release are on every node, checked against their sums',
    'a control plane has found nothing that the upgrade would fail of',
  ];
}
