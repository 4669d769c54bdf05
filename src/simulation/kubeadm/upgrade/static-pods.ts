import { askApi } from '../../api-access.ts';
import { silentVoters } from '../../etcd-cluster.ts';
import { goDuration } from '../../go-duration.ts';
import { imageIn } from '../../kubernetes-releases.ts';
import { type Component, manifestPath } from '../../paths.ts';
import { mirrorPodOf } from '../../rules/mirror-pods.ts';
import { randomHex } from '../../seeded-random.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import { dropFolder, emptyFolder, readFile } from '../../simulated-disk.ts';
import { POLL } from '../../timings.ts';
import { record } from '../../world-state.ts';
import { adminApi } from '../api-calls.ts';
import {
  ADMIN_CERTIFICATES,
  COMPONENT_CERTIFICATES,
  renewCertificate,
} from '../certificate-renewal.ts';
import { KubeadmFailure } from '../failure.ts';
import { adminKubeconfig } from '../kubeconfig-files.ts';
import { manifestOf } from '../manifests.ts';
import { type KubeadmRun, leave, poll, say } from '../run.ts';

const TEMPORARY = '/etc/kubernetes/tmp';
/** etcd first, then what lives on it. */
const ORDER = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
const ETCD_ATTEMPTS = { everyMs: 15_000, timeoutMs: 150_000 };
const FAILED = "couldn't complete the static pod upgrade";
const ROLLED_BACK =
  "couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. Errors faced";

/** A manifest as it stood before, for each component that was touched. */
type Backups = Map<Component, string>;

/**
 * `upgrade … phase control-plane`: swaps one static pod after the other and waits each time until
 * its mirror pod is another one. When one does not come, all manifests are put back.
 */
export async function upgradeStaticPods(run: KubeadmRun): Promise<void> {
  const cluster = await adminApi(run, FAILED);
  const folders = temporaryFolders(run);
  const backups: Backups = new Map();
  const written = ORDER.map((component) => ({ component, content: manifestOf(run, component) }));
  for (const { component, content } of written) {
    leave(run, `${folders.upgraded}/${component}.yaml`, content, 0o600);
  }
  await refuseSickEtcd(run, cluster);
  for (const { component, content } of written) {
    if (component === 'etcd' && isOlderEtcd(run, content)) continue;
    await swap(run, cluster, { component, content, backups, folder: folders.backup });
  }
  if (run.upgrade?.renewsCertificates) {
    for (const name of ADMIN_CERTIFICATES) renewCertificate(run, name);
  }
  emptyFolder(run.host.disk, folders.upgraded);
  dropFolder(run.host.disk, folders.upgraded);
  say(
    run,
    '[upgrade/control-plane] The control plane instance for this node was successfully upgraded!',
  );
}

async function swap(
  run: KubeadmRun,
  cluster: SimulatedCluster,
  step: {
    readonly component: Component;
    readonly content: string;
    readonly backups: Backups;
    readonly folder: string;
  },
): Promise<void> {
  const { component, content, backups, folder } = step;
  const path = manifestPath(component);
  const before = readFile(run.host.disk, path) ?? '';
  if (before === content) {
    say(
      run,
      `[upgrade/staticpods] Current and new manifests of ${component} are equal, skipping upgrade`,
    );
    return;
  }
  for (const name of COMPONENT_CERTIFICATES[component]) {
    if (run.upgrade?.renewsCertificates) renewCertificate(run, name);
  }
  backups.set(component, before);
  leave(run, `${folder}/${component}.yaml`, before, 0o600);
  leave(run, path, content, 0o600);
  record(run.world, run.host.name, 'manifest.swapped', component);
  say(
    run,
    `[upgrade/staticpods] Moving new manifest to "${path}" and backing up old manifest to "${folder}/${component}.yaml"`,
  );
  if (await mirrorFollows(run, cluster, step)) {
    if (component === 'etcd') await waitForEtcd(run, cluster, backups);
    say(run, `[upgrade/staticpods] Component "${component}" upgraded successfully!`);
    return;
  }
  const timeout = goDuration(run.upgrade?.manifestTimeoutMs ?? 0);
  throw rollBack(
    run,
    backups,
    component,
    `static Pod hash for component ${component} on Node ${run.nodeName} did not change after ${timeout}: context deadline exceeded`,
  );
}

function mirrorFollows(
  run: KubeadmRun,
  cluster: SimulatedCluster,
  { component, content }: { readonly component: Component; readonly content: string },
): Promise<boolean> {
  const limits = { everyMs: POLL.apiCallMs, timeoutMs: run.upgrade?.manifestTimeoutMs ?? 0 };
  return poll(run, limits, () => {
    const answer = askApi(run.world, run.host, adminKubeconfig(run));
    if (answer.outcome === 'failed') return false;
    return mirrorPodOf(cluster, component, run.nodeName)?.manifest === content;
  });
}

async function refuseSickEtcd(run: KubeadmRun, cluster: SimulatedCluster): Promise<void> {
  if (silentVoters(run.world, cluster, run.host).length === 0) return;
  throw new KubeadmFailure(`${FAILED}: etcd cluster is not healthy: context deadline exceeded`);
}

async function waitForEtcd(
  run: KubeadmRun,
  cluster: SimulatedCluster,
  backups: Backups,
): Promise<void> {
  const healthy = () => silentVoters(run.world, cluster, run.host).length === 0;
  if (await poll(run, ETCD_ATTEMPTS, healthy)) return;
  putBack(run, backups);
  throw new KubeadmFailure(
    `${FAILED}: fatal error upgrading local etcd cluster, rolled the state back to pre-upgrade state: timeout waiting for etcd cluster to be available`,
  );
}

/** An older etcd can not read what a newer one wrote: kubeadm leaves it as it is. */
function isOlderEtcd(run: KubeadmRun, content: string): boolean {
  const tag = (manifest: string) => imageIn(manifest).split(':')[1] ?? '';
  const [wanted, current] = [
    tag(content),
    tag(readFile(run.host.disk, manifestPath('etcd')) ?? ''),
  ];
  if (wanted.localeCompare(current, 'en', { numeric: true }) >= 0) return false;
  say(
    run,
    `[upgrade/etcd] Non fatal issue encountered during upgrade: the desired etcd version "${wanted}" is older than the currently installed "${current}". Skipping etcd upgrade`,
  );
  return true;
}

function rollBack(run: KubeadmRun, backups: Backups, component: Component, cause: string) {
  putBack(run, backups);
  const etcd =
    'fatal error when trying to upgrade the etcd cluster, rolled the state back to pre-upgrade state: ';
  const prefix = component === 'etcd' ? etcd : '';
  return new KubeadmFailure(`${FAILED}: ${prefix}${ROLLED_BACK}: ${cause}`);
}

function putBack(run: KubeadmRun, backups: Backups): void {
  for (const [component, content] of backups) leave(run, manifestPath(component), content, 0o600);
}

function temporaryFolders({ world }: KubeadmRun) {
  const moment = new Date(world.clock.wallMs()).toISOString().slice(0, 19).replaceAll(':', '-');
  return {
    upgraded: `${TEMPORARY}/kubeadm-upgraded-manifests${randomHex(world.random, 8)}`,
    backup: `${TEMPORARY}/kubeadm-backup-manifests-${moment}`,
  };
}
