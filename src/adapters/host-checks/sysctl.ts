import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RetryableError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import { canPrepare, type HostItem, ok } from './host-item.ts';

const SET_AT_BOOT = '/etc/sysctl.d/90-civitas.conf';

/** What kubeadm's pre-flight and kube-proxy ask of the kernel; each has to be 1. */
const SETTINGS = [
  'net/ipv4/ip_forward',
  'net/bridge/bridge-nf-call-iptables',
  'net/bridge/bridge-nf-call-ip6tables',
];

/** A setting that the kernel does not have (no IPv6, no br_netfilter yet) is not asked for. */
export function sysctl(files: HostFiles, root: string): HostItem {
  async function wrong(): Promise<readonly string[]> {
    const values = await Promise.all(SETTINGS.map((name) => files.read(`/proc/sys/${name}`)));
    return SETTINGS.filter((_, index) => (values[index] ?? '1').trim() !== '1');
  }

  return {
    check: async () => {
      const names = await wrong();
      if (names.length === 0) return ok('forwarding and bridge filtering are on');
      return canPrepare(`${names.map(dotted).join(', ')} will be set to 1, now and at each boot`);
    },
    prepare: async () => {
      const lines = SETTINGS.map((name) => `${dotted(name)} = 1\n`).join('');
      await files.write(SET_AT_BOOT, lines, 0o644);
      for (const name of await wrong()) await set(root, name);
    },
  };
}

async function set(root: string, name: string): Promise<void> {
  try {
    await writeFile(join(root, 'proc/sys', name), '1\n');
  } catch (cause) {
    const message = `The kernel does not let ${dotted(name)} be set: set it to 1 on the machine that owns this one.`;
    throw new RetryableError('host.sysctl', message, { cause });
  }
}

function dotted(name: string): string {
  return name.replaceAll('/', '.');
}
