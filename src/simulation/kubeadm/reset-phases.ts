import { askApi } from '../api-access.ts';
import { removeMember } from '../etcd-cluster.ts';
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
import { emptyFolder, readFile } from '../simulated-disk.ts';
import { PHASE_TIMINGS } from '../timings.ts';
import { peerUrlOf } from './manifests.ts';
import { type KubeadmRun, type Phase, say } from './run.ts';

/** The phases of `kubeadm reset`. It leaves the Node object and /etc/cni/net.d. */
export const RESET_PHASES: readonly Phase[] = [
  { name: 'preflight', takesMs: PHASE_TIMINGS.apiCallMs, act: () => {} },
  { name: 'remove-etcd-member', takesMs: PHASE_TIMINGS.apiCallMs, act: leaveEtcd },
  { name: 'cleanup-node', takesMs: PHASE_TIMINGS.resetMs, act: cleanUp },
];

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
  const { disk } = run.host;
  const warning = removalWarning(run);
  if (warning) {
    say(
      run,
      `W [reset] Failed to remove etcd member: ${warning}, please manually remove this etcd member using etcdctl`,
    );
  }
  emptyFolder(disk, ETCD_FOLDER);
  say(run, `[reset] Deleted contents of the etcd data directory: ${ETCD_FOLDER}`);
}

function removalWarning(run: KubeadmRun): string | undefined {
  const { world, host } = run;
  const kubeconfig = readKubeconfig(readFile(host.disk, ADMIN_CONF));
  if (!kubeconfig) return undefined;
  const answer = askApi(world, host, kubeconfig);
  if (answer.outcome === 'failed') return answer.text;
  const { members } = answer.cluster.etcd;
  const own = members.find(({ peerUrl }) => peerUrl === peerUrlOf(run));
  if (!own || members.length === 1) return undefined;
  const change = removeMember(world, answer.cluster, own.id);
  return change.outcome === 'refused' ? change.text : undefined;
}

function cleanUp(run: KubeadmRun): void {
  const { disk, runtime } = run.host;
  Object.assign(runtime.kubelet, { wanted: false, running: false, watchesManifests: false });
  runtime.pods.clear();
  for (const folder of [MANIFESTS, KUBELET_FOLDER, PKI]) emptyFolder(disk, folder);
  for (const file of FILES) disk.files.delete(file);
  say(run, `[reset] Deleting contents of directories: [${MANIFESTS} ${KUBELET_FOLDER} ${PKI}]`);
}
