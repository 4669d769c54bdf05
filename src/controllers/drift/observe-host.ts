import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { Memory } from './memory.ts';
import type { HostView } from './observed.ts';
import { readFiles } from './read-files.ts';
import { WATCHED_FILES } from './watched-files.ts';

/** What kubeadm's pre-flight and kube-proxy ask of the kernel; `Host.prepare` sets them. */
const SETTINGS = [
  'net/ipv4/ip_forward',
  'net/bridge/bridge-nf-call-iptables',
  'net/bridge/bridge-nf-call-ip6tables',
];

const PATHS = WATCHED_FILES.map(({ path }) => path);

/** Stamps of files, settings of the kernel and one question to the load balancer: no process is started. */
export async function observeHost(
  ports: Ports,
  { kubernetesVersion }: Assignment,
  memory: Memory,
): Promise<HostView> {
  const { balancer, files, self } = ports;
  memory.files = await readFiles(ports, PATHS, memory.files);
  const values = await Promise.all(SETTINGS.map((name) => files.read(`/proc/sys/${name}`)));
  const { altered, fileServers } = await balancer.observe();
  return {
    kubernetesVersion,
    addresses: self.record.addresses,
    files: new Map([...memory.files].map(([path, { content }]) => [path, content])),
    // A setting that the kernel does not have is not asked for.
    wrongSettings: SETTINGS.filter((_name, index) => (values[index] ?? '1').trim() !== '1').map(
      (name) => name.replaceAll('/', '.'),
    ),
    alteredBalancer: altered ? fileServers : undefined,
  };
}
