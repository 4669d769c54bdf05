import { COMPONENTS } from '../paths.ts';
import { PHASE_TIMINGS } from '../timings.ts';
import { KubeadmFailure } from './failure.ts';
import { manifestOf } from './manifests.ts';
import { type KubeadmRun, leave, say, work } from './run.ts';

/** `kubeadm init phase control-plane all` or `etcd local` with `--dry-run`, into a folder that is there. */
export async function renderManifests(run: KubeadmRun): Promise<void> {
  const folder = run.unit.environment?.['KUBEADM_INIT_DRYRUN_DIR'] ?? '';
  if (!run.host.disk.folders.has(folder)) {
    throw new KubeadmFailure(`open ${folder}: no such file or directory`);
  }
  await work(run, PHASE_TIMINGS.manifestMs);
  const isEtcd = run.arguments.words.includes('etcd');
  for (const component of COMPONENTS) {
    if ((component === 'etcd') !== isEtcd) continue;
    leave(run, `${folder}/${component}.yaml`, manifestOf(run, component), 0o600);
    say(run, `[dryrun] Wrote the manifest of ${component} to ${folder}`);
  }
}
