import { controllerManagerWorks } from '../../api-access.ts';
import { imageIn } from '../../kubernetes-releases.ts';
import { manifestPath } from '../../paths.ts';
import { schedulerWorks } from '../../rules/schedulers.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import { readFile } from '../../simulated-disk.ts';
import { PHASE_TIMINGS } from '../../timings.ts';
import { adminApi } from '../api-calls.ts';
import { type Finding, refuse, refuseWithoutRuntime } from '../preflight.ts';
import { type KubeadmRun, poll, say, work } from '../run.ts';
import { enforceVersionPolicies } from './version-policy.ts';

const JOB_TIMEOUT_MS = 15_000;
const JOB_MS = 1_500;
/** Of those that are looked for, in kubeadm's order. */
const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

/** `upgrade apply phase preflight`: a job that must run, Ready control planes, and the versions. */
export async function preflightApply(run: KubeadmRun): Promise<void> {
  const { world, host, upgrade } = run;
  if (!upgrade) return;
  say(run, '[upgrade/preflight] Running preflight checks\n[upgrade] Running cluster health checks');
  const cluster = await adminApi(run, 'could not list Nodes');
  const findings = [
    ...(await jobFindings(run, cluster)),
    ...readinessFindings(cluster),
    ...manifestFindings(run),
  ];
  refuse(run, findings, upgrade.ignorePreflightErrors);
  const running = imageIn(readFile(host.disk, manifestPath('kube-apiserver'))).split(':')[1];
  enforceVersionPolicies({
    target: upgrade.targetVersion,
    cluster: running ?? upgrade.targetVersion,
    kubeadm: run.kubeadmVersion,
    kubelets: [...cluster.nodes.values()].map(({ kubeletVersion }) => kubeletVersion),
    force: upgrade.force,
  });
  refuseWithoutRuntime(run);
  await work(run, PHASE_TIMINGS.preflightMs / world.speed);
}

/** `upgrade node phase preflight`. */
export function preflightNode(run: KubeadmRun): void {
  say(run, '[upgrade/preflight] Running pre-flight checks');
  if (run.upgrade?.controlPlane) refuseWithoutRuntime(run);
  else say(run, '[upgrade/preflight] Skipping prepull. Not a control plane node.');
}

/** Nothing is looked for where no node takes pods. */
async function jobFindings(
  run: KubeadmRun,
  cluster: SimulatedCluster,
): Promise<readonly Finding[]> {
  const nodes = [...cluster.nodes.values()].filter(({ unschedulable }) => !unschedulable);
  if (nodes.length === 0) return [];
  await work(run, JOB_MS);
  const runs = () =>
    nodes.some(({ ready }) => ready) &&
    controllerManagerWorks(run.world, cluster) &&
    schedulerWorks(run.world, cluster);
  if (await poll(run, { everyMs: 1_000, timeoutMs: JOB_TIMEOUT_MS }, runs)) return [];
  const job = `upgrade-health-check-${run.world.clock.wallMs()}`;
  const text = `Job "${job}" in the namespace "kube-system" did not complete in 15s: no condition of type Complete`;
  return [{ check: 'CreateJob', text }];
}

function readinessFindings({ nodes }: SimulatedCluster): readonly Finding[] {
  const names = [...nodes.values()]
    .filter(({ controlPlane, ready }) => controlPlane && !ready)
    .map(({ name }) => name);
  if (names.length === 0) return [];
  const text = `there are NotReady control-planes in the cluster: [${names.join(' ')}]`;
  return [{ check: 'ControlPlaneNodesReady', text }];
}

function manifestFindings({ host }: KubeadmRun): readonly Finding[] {
  const missing = COMPONENTS.map(manifestPath).filter((path) => !host.disk.files.has(path));
  if (missing.length === 0) return [];
  const text = `manifest files not found: [${missing.join(' ')}]`;
  return [{ check: 'StaticPodManifest', text }];
}
