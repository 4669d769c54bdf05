import { nodesSeenFrom } from '../../../lab/cluster-watch.ts';
import { sh } from '../../../lab/machine.ts';
import { etcdctl, viewOf } from './machines.ts';

/** What a cluster should be: machines that run, and which of them are control planes. */
export interface Expected {
  readonly machines: readonly string[];
  readonly controlPlanes: number;
}

const CONTROL_PLANE_FILES = [
  '/etc/kubernetes/admin.conf',
  '/etc/kubernetes/manifests/etcd.yaml',
  '/etc/kubernetes/manifests/kube-apiserver.yaml',
  '/etc/kubernetes/pki/ca.key',
  '/var/lib/etcd/member',
];

/** Everything that is not as it should be after whatever happened, a sentence each; empty when all is well. */
export async function troublesOf(expected: Expected): Promise<readonly string[]> {
  const nodes = await nodesSeenFrom(expected.machines);
  const planes = nodes
    .filter(({ name, role }) => role === 'control plane' && expected.machines.includes(name))
    .map(({ name }) => name);
  const workers = expected.machines.filter((name) => !planes.includes(name));
  const found = await Promise.all([
    ...planes.map(apiServerTroubles),
    ...workers.map(leftovers),
    ...expected.machines.map(agentTroubles),
    memberTroubles(planes),
    tokenTroubles(planes),
  ]);
  return [...nodeTroubles(nodes, expected), ...found.flat()].sort();
}

function nodeTroubles(
  nodes: Awaited<ReturnType<typeof nodesSeenFrom>>,
  { machines, controlPlanes }: Expected,
): readonly string[] {
  const names = nodes.map(({ name }) => name);
  const planes = nodes.filter(({ role }) => role === 'control plane').length;
  return [
    ...machines.filter((name) => !names.includes(name)).map((name) => `${name} has no Node`),
    ...names.filter((name) => !machines.includes(name)).map((name) => `Node ${name} is left over`),
    ...nodes.filter(({ state }) => state !== 'Ready').map(({ name }) => `${name} is not Ready`),
    ...(planes === controlPlanes ? [] : [`${planes} control planes instead of ${controlPlanes}`]),
  ];
}

async function memberTroubles(planes: readonly string[]): Promise<readonly string[]> {
  const [plane] = planes;
  if (plane === undefined) return ['no control plane can be asked for the members of etcd'];
  const { exitCode, stdout } = await etcdctl(plane, 'member', 'list');
  if (exitCode !== 0) return ['etcd does not tell its members'];
  const members = stdout.trim().split('\n').map(memberOf);
  const names = members.map(({ name }) => name);
  return [
    ...members
      .filter(({ state, learner }) => state !== 'started' || learner)
      .map(({ name, state }) => `member ${name || 'without a name'} is ${state} or a learner`),
    ...names.filter((name) => !planes.includes(name)).map((name) => `member ${name} is left over`),
    ...planes.filter((name) => !names.includes(name)).map((name) => `${name} is no member of etcd`),
  ];
}

/** `id, started, name, peer urls, client urls, is learner`. */
function memberOf(line: string) {
  const [, state = '', name = '', , , learner = ''] = line.split(', ');
  return { state, name, learner: learner.trim() === 'true' };
}

async function apiServerTroubles(machine: string): Promise<readonly string[]> {
  const pki = '/etc/kubernetes/pki';
  const verify = `openssl verify -CAfile ${pki}/ca.crt ${pki}/apiserver.crt >/dev/null`;
  const ready = 'curl -sf -m 5 --cacert /etc/kubernetes/pki/ca.crt https://127.0.0.1:6443/readyz';
  const { exitCode } = await sh(machine, ['sh', '-c', `${verify} && ${ready}`]);
  return exitCode === 0 ? [] : [`the API server of ${machine} is not ready`];
}

/** What only a control plane may have. */
async function leftovers(machine: string): Promise<readonly string[]> {
  const { stdout } = await sh(machine, [
    'sh',
    '-c',
    `ls -d ${CONTROL_PLANE_FILES.join(' ')} 2>/dev/null`,
  ]);
  const files = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return files.map((file) => `${machine} still has ${file}`);
}

async function agentTroubles(machine: string): Promise<readonly string[]> {
  const balancer = 'curl -sfk -m 5 https://127.0.0.1:7443/readyz';
  const { exitCode } = await sh(machine, ['sh', '-c', balancer]);
  const view = await viewOf(machine).catch(() => undefined);
  if (view === undefined) return [`the agent of ${machine} does not answer`];
  return [
    ...(exitCode === 0 ? [] : [`the load balancer of ${machine} reaches no API server`]),
    ...(view.whole ? [] : [`${machine} says: ${view.summary}`]),
  ];
}

async function tokenTroubles(planes: readonly string[]): Promise<readonly string[]> {
  const [plane] = planes;
  if (plane === undefined) return [];
  const ask =
    'kubectl --request-timeout=5s -n kube-system get secrets --field-selector type=bootstrap.kubernetes.io/token -o name';
  const { exitCode, stdout } = await sh(plane, ['sh', '-c', ask]);
  if (exitCode !== 0) return ['the API server does not tell its bootstrap tokens'];
  const tokens = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return tokens.map((token) => `${token} is left over`);
}
