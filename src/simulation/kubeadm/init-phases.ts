import { PHASE_TIMINGS } from '../timings.ts';
import { makeCertificates } from './certificates.ts';
import {
  createTokens,
  installAddon,
  markControlPlane,
  uploadConfiguration,
} from './cluster-objects.ts';
import { writeInitKubeconfigs, writeKubeletKubeconfig } from './kubeconfig-files.ts';
import { finalizeKubelet, startKubeletForInit } from './kubelet-start.ts';
import { writeControlPlaneManifests, writeEtcdManifest } from './manifests.ts';
import {
  commonFindings,
  controlPlaneFindings,
  etcdFindings,
  forwardingFindings,
  newerKubeletFindings,
  refuse,
  refuseWithoutRuntime,
} from './preflight.ts';
import { type KubeadmRun, type Phase, say } from './run.ts';
import { waitForFirstControlPlane } from './wait-control-plane.ts';

const { apiCallMs } = PHASE_TIMINGS;

/** The phases of `kubeadm init`, in the order of 1.31 and later. */
export const INIT_PHASES: readonly Phase[] = [
  { name: 'preflight', takesMs: PHASE_TIMINGS.preflightMs, act: preflight },
  { name: 'certs', takesMs: PHASE_TIMINGS.certsMs, act: makeCertificates },
  { name: 'kubeconfig', takesMs: PHASE_TIMINGS.kubeconfigMs, act: writeInitKubeconfigs },
  {
    name: 'kubeconfig/kubelet',
    takesMs: PHASE_TIMINGS.kubeconfigMs,
    runsOnlyAlone: true,
    act: writeKubeletKubeconfig,
  },
  { name: 'etcd', takesMs: PHASE_TIMINGS.manifestMs, act: (run) => writeEtcdManifest(run, []) },
  { name: 'control-plane', takesMs: PHASE_TIMINGS.manifestMs, act: writeControlPlaneManifests },
  { name: 'kubelet-start', takesMs: PHASE_TIMINGS.kubeletStartMs, act: startKubeletForInit },
  { name: 'wait-control-plane', takesMs: 0, act: waitForFirstControlPlane },
  { name: 'upload-config', takesMs: apiCallMs, act: uploadConfiguration },
  { name: 'mark-control-plane', takesMs: apiCallMs, act: markControlPlane },
  { name: 'bootstrap-token', takesMs: apiCallMs, act: createTokens },
  { name: 'kubelet-finalize', takesMs: apiCallMs, act: finalizeKubelet },
  {
    name: 'addon/coredns',
    takesMs: PHASE_TIMINGS.addonMs,
    act: (run) => installAddon(run, 'coredns'),
  },
  {
    name: 'addon/kube-proxy',
    takesMs: PHASE_TIMINGS.addonMs,
    act: (run) => installAddon(run, 'kube-proxy'),
  },
];

function preflight(run: KubeadmRun): void {
  say(run, '[preflight] Running pre-flight checks');
  const findings = [
    ...controlPlaneFindings(run),
    ...commonFindings(run),
    ...newerKubeletFindings(run),
    ...forwardingFindings(run),
    ...etcdFindings(run),
  ];
  refuse(run, findings, run.configuration.init.nodeRegistration.ignorePreflightErrors);
  refuseWithoutRuntime(run);
}
