import { sh } from '../../../lab/machine.ts';
import { etcdctl, viewOf } from './machines.ts';

/** Something that names the address of a machine. */
export interface Place {
  readonly what: string;
  /** Whatever stands there; empty while nobody tells. */
  look(): Promise<string>;
}

interface Asked {
  /** A control plane that answers. */
  readonly plane: string;
  readonly others: readonly string[];
}

const API_SERVER_PORT = 6_443;
const BALANCER_FILE = '/etc/civitas/haproxy/haproxy.cfg';

/** Where others find a node: its Node, its entry in the log, and everybody's way to its pods. */
export function placesOfNode(machine: string, { plane, others }: Asked): readonly Place[] {
  const get = (path: string) =>
    words(plane, `kubectl --request-timeout=3s get node ${machine} -o 'jsonpath={${path}}'`);
  const route = async (other: string) => {
    const podCidr = await get('.spec.podCIDR');
    return podCidr === '' ? '' : words(other, `ip -4 route show ${podCidr}`);
  };
  return [
    { what: 'InternalIP', look: () => get('.status.addresses[?(@.type=="InternalIP")].address') },
    { what: 'log', look: () => inLog(plane, machine) },
    ...others.map((other) => ({ what: `route of ${other}`, look: () => route(other) })),
  ];
}

/** What names a control plane beside: the member of etcd, its API server's certificate, and the load balancers. */
export function placesOfControlPlane(
  machine: string,
  address: string,
  { plane, others }: Asked,
): readonly Place[] {
  const shown = `openssl s_client -connect ${address}:${API_SERVER_PORT} </dev/null | openssl x509 -noout -ext subjectAltName`;
  const balancer = `grep ':${API_SERVER_PORT} ' ${BALANCER_FILE}`;
  return [
    { what: 'member of etcd', look: () => memberLine(plane, machine) },
    { what: 'certificate of its API server', look: () => words(plane, shown) },
    ...others.map((other) => {
      return { what: `load balancer of ${other}`, look: () => words(other, balancer) };
    }),
  ];
}

/** Where the server of the log on this machine was told to listen. */
export function placeOfReplica(machine: string): Place {
  const look = () => words(machine, 'grep -h ^listen: /var/lib/civitas/log/*/nats.conf');
  return { what: 'replica of the log', look };
}

async function memberLine(plane: string, machine: string): Promise<string> {
  const { stdout } = await etcdctl(plane, 'member', 'list');
  return stdout.split('\n').find((line) => line.includes(` ${machine},`)) ?? '';
}

async function inLog(plane: string, machine: string): Promise<string> {
  const view = await viewOf(plane).catch(() => undefined);
  return view?.nodes.find(({ hostname }) => hostname === machine)?.address ?? '';
}

async function words(machine: string, script: string): Promise<string> {
  const { stdout } = await sh(machine, ['sh', '-c', `{ ${script}; } 2>/dev/null`]);
  return stdout.trim();
}
