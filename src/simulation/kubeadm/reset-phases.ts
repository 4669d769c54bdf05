import { askApi } from '../api-access.ts';
import { answeringEtcd } from '../etcd-cluster.ts';
import { removeMember } from '../etcd-membership.ts';
import { readKubeconfig } from '../kubeconfig.ts';
import {
  ADMIN_CONF,
  BOOTSTRAP_KUBELET_CONF,
  CONTROLLER_MANAGER_CONF,
  ETCD_FOLDER,
  KUBELET_CONF,
  KUBELET_FOLDER,
  MANIFESTS,
  PKI,
  SCHEDULER_CONF,
  SUPER_ADMIN_CONF,
} from '../paths.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { dropFile, emptyFolder, readFile } from '../simulated-disk.ts';
import { PHASE_TIMINGS } from '../timings.ts';
import { isMirror } from '../workloads/pod.ts';
import { record } from '../world-state.ts';
import { peerUrlOf } from './manifests.ts';
import { type KubeadmRun, type Phase, say } from './run.ts';

/** The phases of `kubeadm reset`. It leaves the Node object and /etc/cni/net.d. */
export const RESET_PHASES: readonly Phase[] = [
  { name: 'preflight', takesMs: PHASE_TIMINGS.apiCallMs, act: () => {} },
  { name: 'remove-etcd-member', takesMs: PHASE_TIMINGS.apiCallMs, act: leaveEtcd },
  { name: 'cleanup-node', takesMs: PHASE_TIMINGS.resetMs, act: cleanUp },
];

const TEMPORARY = '/etc/kubernetes/tmp';

const FILES = [
  ADMIN_CONF,
  SUPER_ADMIN_CONF,
  KUBELET_CONF,
  BOOTSTRAP_KUBELET_CONF,
  CONTROLLER_MANAGER_CONF,
  SCHEDULER_CONF,
];

/** Wipes the data also when the member could not be removed: kubeadm only warns. */
function leaveEtcd(run: KubeadmRun): void {
  const warning = removalWarning(run);
  if (warning) say(run, `W [reset] ${warning}`);
  emptyFolder(run.host.disk, ETCD_FOLDER);
  say(run, `[reset] Deleted contents of the etcd data directory: ${ETCD_FOLDER}`);
}

function removalWarning(run: KubeadmRun): string | undefined {
  const { world, host } = run;
  const kubeconfig = readKubeconfig(readFile(host.disk, ADMIN_CONF));
  if (!kubeconfig) return 'No kubeadm config, using etcd pod spec to get data directory';
  const answer = askApi(world, host, kubeconfig);
  if (answer.outcome === 'failed') {
    return `Unable to fetch the kubeadm-config ConfigMap from cluster: failed to get config map: ${answer.text}`;
  }
  if (!answer.cluster.nodes.has(run.nodeName)) {
    return `Unable to fetch the kubeadm-config ConfigMap from cluster: failed to get node registration: failed to get corresponding node: nodes "${run.nodeName}" not found`;
  }
  const text = removeOwnMember(run, answer.cluster);
  return (
    text &&
    `Failed to remove etcd member: ${text}, please manually remove this etcd member using etcdctl`
  );
}

function removeOwnMember(run: KubeadmRun, cluster: SimulatedCluster): string | undefined {
  const { world, host } = run;
  const { members } = cluster.etcd;
  const own = members.find(({ peerUrl }) => peerUrl === peerUrlOf(run));
  if (!own || members.length === 1) return undefined;
  const etcd = answeringEtcd(world, cluster, host);
  if (!etcd) return 'context deadline exceeded';
  const change = removeMember({ world, cluster, host: etcd }, own.id);
  return change.outcome === 'refused' ? change.text : undefined;
}

/** Names of pods that run here and that a drain would have moved elsewhere. */
function podsCut({ world, host, nodeName }: KubeadmRun): readonly string[] {
  const pods = [...world.clusters.values()].flatMap((cluster) => [...cluster.pods.values()]);
  const moved = pods.filter((pod) => !isMirror(pod) && pod.owner?.kind !== 'DaemonSet');
  return moved
    .filter(({ node, uid }) => node === nodeName && host.runtime.containers.has(uid))
    .map(({ name }) => name);
}

function cleanUp(run: KubeadmRun): void {
  const cut = podsCut(run);
  if (cut.length > 0) record(run.world, run.host.name, 'pods.cut', cut.join(' '));
  const { disk, runtime } = run.host;
  const { arguments: given, configuration } = run;
  Object.assign(runtime.kubelet, { wanted: false, running: false, watchesManifests: false });
  runtime.pods.clear();
  runtime.containers.clear();
  const cleansTemporary = given.flags.has('--cleanup-tmp-dir') || configuration.reset.cleanupTmpDir;
  const folders = [MANIFESTS, KUBELET_FOLDER, PKI, ...(cleansTemporary ? [TEMPORARY] : [])];
  for (const folder of folders) emptyFolder(disk, folder);
  for (const file of FILES) dropFile(disk, file);
  say(run, `[reset] Deleting contents of directories: [${folders.join(' ')}]`);
}
