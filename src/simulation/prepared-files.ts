import type { HostCheck } from '../ports/host.ts';
import { putFile } from './simulated-disk.ts';
import type { SimulatedHost } from './simulated-host.ts';

const SETTINGS = ['net/ipv4/ip_forward', 'net/bridge/bridge-nf-call-iptables'];
const PLAIN = 0o644;

/** What the preparation of an item leaves on a host, as far as somebody could change it afterwards. */
export function writePrepared(
  { disk }: Pick<SimulatedHost, 'disk'>,
  name: HostCheck['name'],
  nowMs: number,
): void {
  for (const [path, content] of filesOf(name)) {
    putFile(disk, path, { content, mode: PLAIN, nowMs, synced: true });
  }
}

/** Whether the kernel has still what it was told. */
export function keepsSettings({ disk }: Pick<SimulatedHost, 'disk'>): boolean {
  return SETTINGS.every((name) => disk.files.get(`/proc/sys/${name}`)?.content !== '0\n');
}

function filesOf(name: HostCheck['name']): readonly (readonly [string, string])[] {
  if (name === 'sysctl') {
    const atBoot = SETTINGS.map((each) => `${each.replaceAll('/', '.')} = 1\n`).join('');
    const now = SETTINGS.map((each) => [`/proc/sys/${each}`, '1\n'] as const);
    return [['/etc/sysctl.d/90-civitas.conf', atBoot], ...now];
  }
  if (name !== 'kubelet-service') return [];
  return [
    ['/etc/systemd/system/kubelet.service', '[Service]\nExecStart=/usr/local/bin/kubelet\n'],
    ['/etc/systemd/system/kubelet.service.d/10-kubeadm.conf', '[Service]\nExecStart=\n'],
  ];
}
