import { PHASE_TIMINGS } from '../timings.ts';
import { makeCertificates, refuseWithoutSharedCertificates } from './certificates.ts';
import { markControlPlane } from './cluster-objects.ts';
import { discover } from './discovery.ts';
import { checkEtcd, joinEtcd } from './etcd-join.ts';
import { KubeadmFailure } from './failure.ts';
import { writeControlPlaneKubeconfigs } from './kubeconfig-files.ts';
import { startKubeletForJoin, waitForBootstrap } from './kubelet-start.ts';
import { writeControlPlaneManifests } from './manifests.ts';
import {
  commonFindings,
  controlPlaneFindings,
  etcdFindings,
  joinFindings,
  refuse,
  refuseWithoutRuntime,
} from './preflight.ts';
import { type KubeadmRun, kubeletUsesLocalApi, type Phase, say } from './run.ts';
import { waitForControlPlane } from './wait-control-plane.ts';

/**
 * The phases of `kubeadm join`. With ControlPlaneKubeletLocalMode etcd is joined before the kubelet
 * is waited for; without it, after.
 */
export const JOIN_PHASES: readonly Phase[] = [
  { name: 'preflight', takesMs: PHASE_TIMINGS.preflightMs, act: preflight },
  {
    name: 'control-plane-prepare/certs',
    takesMs: PHASE_TIMINGS.certsMs,
    appliesTo: isControlPlane,
    act: afterDiscovery(makeCertificates),
  },
  {
    name: 'control-plane-prepare/kubeconfig',
    takesMs: PHASE_TIMINGS.kubeconfigMs,
    appliesTo: isControlPlane,
    act: afterDiscovery(writeControlPlaneKubeconfigs),
  },
  {
    name: 'control-plane-prepare/control-plane',
    takesMs: PHASE_TIMINGS.manifestMs,
    appliesTo: isControlPlane,
    act: afterDiscovery(writeControlPlaneManifests),
  },
  {
    name: 'check-etcd',
    takesMs: PHASE_TIMINGS.apiCallMs,
    appliesTo: isControlPlane,
    act: checkEtcd,
  },
  { name: 'kubelet-start', takesMs: PHASE_TIMINGS.kubeletStartMs, act: startKubeletForJoin },
  {
    name: 'etcd-join',
    takesMs: PHASE_TIMINGS.etcdMemberAddMs,
    appliesTo: (run) => isControlPlane(run) && kubeletUsesLocalApi(run),
    act: afterDiscovery(joinEtcd),
  },
  {
    name: 'kubelet-wait-bootstrap',
    takesMs: 0,
    appliesTo: kubeletUsesLocalApi,
    act: waitForBootstrap,
  },
  {
    name: 'control-plane-join/etcd',
    takesMs: PHASE_TIMINGS.etcdMemberAddMs,
    appliesTo: (run) => isControlPlane(run) && !kubeletUsesLocalApi(run),
    act: afterDiscovery(joinEtcd),
  },
  {
    name: 'control-plane-join/mark-control-plane',
    takesMs: PHASE_TIMINGS.apiCallMs,
    appliesTo: isControlPlane,
    act: afterDiscovery(markControlPlane),
  },
  {
    name: 'wait-control-plane',
    takesMs: PHASE_TIMINGS.apiCallMs,
    appliesTo: isControlPlane,
    act: waitForControlPlane,
  },
];

async function preflight(run: KubeadmRun): Promise<void> {
  const ignored = run.configuration.join?.nodeRegistration.ignorePreflightErrors ?? [];
  say(run, '[preflight] Running pre-flight checks');
  refuse(run, [...joinFindings(run), ...commonFindings(run)], ignored);

  const { cluster } = await discover(run);
  if (!isControlPlane(run)) return;
  if (!cluster.controlPlaneEndpoint) {
    throw new KubeadmFailure(
      "unable to add a new control plane instance to a cluster that doesn't have a stable controlPlaneEndpoint address",
    );
  }
  refuseWithoutSharedCertificates(run);
  refuse(run, [...controlPlaneFindings(run), ...etcdFindings(run)], ignored);
  refuseWithoutRuntime(run);
}

function isControlPlane({ configuration }: KubeadmRun): boolean {
  return configuration.join?.controlPlane !== undefined;
}

/** A phase that is run alone must first find the cluster. */
function afterDiscovery(act: Phase['act']): Phase['act'] {
  return async (run) => {
    await discover(run);
    await act(run);
  };
}
