import { KUBELET_FLAGS } from '../paths.ts';
import { readFile } from '../simulated-disk.ts';
import type { SimulatedHost } from '../simulated-host.ts';

/** The name under which the kubelet registers, as kubeadm left it in the kubelet's flags. */
export function nodeNameOf(host: SimulatedHost): string {
  const flags = readFile(host.disk, KUBELET_FLAGS);
  return flags?.match(/--hostname-override=([^\s"]+)/)?.[1] ?? host.name;
}

/** The address the kubelet reports. */
export function nodeAddressOf(host: SimulatedHost): string {
  const flags = readFile(host.disk, KUBELET_FLAGS);
  return flags?.match(/--node-ip=([^\s"]+)/)?.[1] ?? host.address;
}
