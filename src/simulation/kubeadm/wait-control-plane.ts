import { COMPONENTS } from '../paths.ts';
import { POLL } from '../timings.ts';
import { controlPlaneTimeout } from './api-calls.ts';
import { timeoutMs } from './configuration.ts';
import { KubeadmFailure } from './failure.ts';
import { waitForKubelet } from './kubelet-start.ts';
import { type KubeadmRun, poll, say } from './run.ts';

/** `init phase wait-control-plane`. */
export async function waitForFirstControlPlane(run: KubeadmRun): Promise<void> {
  await waitForKubelet(run);
  await waitForControlPlane(run);
}

/** `join phase wait-control-plane`: the API server of this host answers. */
export async function waitForControlPlane(run: KubeadmRun): Promise<void> {
  const { runtime } = run.host;
  const limitMs = timeoutMs(controlPlaneTimeout(run));
  const limits = { everyMs: POLL.apiCallMs, timeoutMs: limitMs };
  const healthy = () =>
    runtime.apiServerReady && COMPONENTS.every((component) => runtime.pods.has(component));
  if (await poll(run, limits, healthy)) {
    say(run, '[control-plane-check] kube-apiserver is healthy');
    return;
  }
  say(run, `[control-plane-check] kube-apiserver is not healthy after ${limitMs / 1_000}s`);
  const url = `https://${run.advertiseAddress}:6443/livez`;
  throw new KubeadmFailure(
    `failed while waiting for the control plane to start: kube-apiserver check failed at ${url}: Get "${url}?timeout=10s": dial tcp ${run.advertiseAddress}:6443: connect: connection refused`,
  );
}
