import type { FaultEffect } from './fault-effect.ts';

/** Where kubeadm fails: before anything is there, in the middle, and when all is done. */
const PHASES = ['preflight', 'kubelet-start', 'etcd-join', 'upload-config', 'addon/kube-proxy'];

/** What happens to kubeadm where it runs. */
export const kubeadmFaults = {
  'kubeadm-fails': {
    does: 'a phase of the next kubeadm on a machine fails, before or after it did its work',
    begin({ world }, { hosts, amount }) {
      const phase = PHASES[Math.floor(amount * PHASES.length)] ?? 'preflight';
      const when = (amount * 1_000) % 2 < 1 ? 'before' : 'after';
      for (const host of hosts) {
        if (world.state.hosts.has(host)) {
          world.failNext(host, { phase, when, text: 'simulated failure' });
        }
      }
      return undefined;
    },
  },
  'kubeadm-killed': {
    does: 'SIGKILL to whatever kubeadm runs on a machine',
    begin({ world }, { hosts }) {
      for (const host of hosts) {
        const units = world.state.hosts.get(host)?.runtime?.units.keys() ?? [];
        for (const name of [...units]) world.killOperation(host, name);
      }
      return undefined;
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;
