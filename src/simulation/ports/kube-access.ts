import { RetryableError, TerminalError } from '../../errors.ts';
import { askApi } from '../api-access.ts';
import { commit, takesWrites } from '../etcd-cluster.ts';
import { type Kubeconfig, NODE_USER_PREFIX, readKubeconfig } from '../kubeconfig.ts';
import { ADMIN_CONF, KUBELET_CONF } from '../paths.ts';
import { settle } from '../settle.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { readFile } from '../simulated-disk.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

/** The API as one host reaches it. */
export interface KubeAccess {
  /** The cluster, for who holds admin.conf; `doing` completes "may not". */
  readonly read: (doing: string) => SimulatedCluster;
  /** The same, also for the kubelet of the node of that name: the node authorizer lets it. */
  readonly readOn: (node: string | null, doing: string) => SimulatedCluster;
  /**
   * The same for a change: `change` answers what to record, or undefined when nothing was to be
   * done. The world reacts before the caller is answered.
   */
  readonly write: (doing: string, change: Change) => void;
  readonly writeOn: (node: string | null, doing: string, change: Change) => void;
}

type Change = (cluster: SimulatedCluster) => Recorded | undefined;

/** `node` `cordoned`: together an event of the journal. */
interface Recorded {
  readonly what: string;
  readonly happened: string;
  readonly detail: string;
}

export function kubeAccess(world: WorldState, host: string): KubeAccess {
  function readOn(node: string | null, doing: string): SimulatedCluster {
    const credentials = credentialsOf(world, host);
    const { role, kubeconfig } = credentials ?? {};
    const mayRead = role === 'admin' || kubeconfig?.user === `${NODE_USER_PREFIX}${node}`;
    if (kubeconfig && mayRead) return request(world, host, kubeconfig);
    throw new TerminalError(
      'kube.refused',
      `${host} may not ${doing}: it holds no admin.conf, only control planes do`,
    );
  }

  function writeOn(node: string | null, doing: string, change: Change): void {
    const cluster = readOn(node, doing);
    if (!takesWrites(cluster)) {
      const message = 'An API server answers 500 etcdserver: mvcc: database space exceeded.';
      throw new RetryableError('kube.unreachable', message);
    }
    const recorded = change(cluster);
    if (!recorded) return;
    commit(cluster);
    const { what, happened, detail } = recorded;
    record(world, host, `${what}.${happened}`, detail);
    settle(world);
  }

  return {
    read: (doing) => readOn(null, doing),
    readOn,
    write: (doing, change) => writeOn(null, doing, change),
    writeOn,
  };
}

export function credentialsOf(world: WorldState, host: string) {
  const { disk } = powered(world, host);
  const admin = readKubeconfig(readFile(disk, ADMIN_CONF));
  if (admin) return { role: 'admin', kubeconfig: admin } as const;
  const kubelet = readKubeconfig(readFile(disk, KUBELET_CONF));
  return kubelet && ({ role: 'node', kubeconfig: kubelet } as const);
}

export function request(world: WorldState, host: string, kubeconfig: Kubeconfig): SimulatedCluster {
  const answer = askApi(world, powered(world, host), kubeconfig);
  if (answer.outcome === 'answered') return answer.cluster;
  if (answer.unauthorized) {
    throw new TerminalError('kube.refused', 'An API server refused: 401 Unauthorized.');
  }
  const { server } = kubeconfig;
  throw new RetryableError(
    'kube.unreachable',
    `no API server answers at ${server}: ${answer.text}`,
  );
}
