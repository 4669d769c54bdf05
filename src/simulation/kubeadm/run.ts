import type { Kubeconfig } from '../kubeconfig.ts';
import { minorOf } from '../kubernetes-releases.ts';
import { settle } from '../settle.ts';
import type { UploadedConfiguration } from '../simulated-cluster.ts';
import { putFile } from '../simulated-disk.ts';
import type { PoweredHost, SimulatedUnit } from '../simulated-host.ts';
import type { WorldState } from '../world-state.ts';
import type { KubeadmArguments } from './arguments.ts';
import type { KubeadmConfiguration } from './configuration.ts';
import { OperationEnded } from './failure.ts';

/** What a joining kubeadm learnt of the cluster. */
export interface Discovery {
  readonly cluster: UploadedConfiguration;
  /** With the bootstrap token as user. */
  readonly kubeconfig: Kubeconfig;
}

/** What `kubeadm upgrade` was told. The configuration of the cluster is in `discovery`. */
interface Upgrade {
  readonly targetVersion: string;
  readonly controlPlane: boolean;
  readonly force: boolean;
  readonly renewsCertificates: boolean;
  readonly ignorePreflightErrors: readonly string[];
  readonly skipPhases: readonly string[];
  readonly manifestTimeoutMs: number;
}

/** One kubeadm process. */
export interface KubeadmRun {
  readonly world: WorldState;
  readonly host: PoweredHost;
  readonly unit: SimulatedUnit;
  readonly arguments: KubeadmArguments;
  readonly kubeadmVersion: string;
  readonly configuration: KubeadmConfiguration;
  readonly nodeName: string;
  readonly advertiseAddress: string;
  /** Set once the cluster was discovered. */
  discovery: Discovery | undefined;
  /** Set at the start of an upgrade. */
  upgrade: Upgrade | undefined;
  /** Whether the manifests folder was there when kubeadm began: without it a join takes longer. */
  readonly foundManifestsFolder: boolean;
}

/** One phase; `name` as in kubeadm's error texts, `control-plane-prepare/certs`. */
export interface Phase {
  readonly name: string;
  /** What the phase takes by itself, before its effect. */
  readonly takesMs: number;
  /** Part of another phase, which is run by itself only when it is named. */
  readonly runsOnlyAlone?: boolean;
  readonly appliesTo?: (run: KubeadmRun) => boolean;
  readonly act: (run: KubeadmRun) => void | Promise<void>;
}

export function say(run: KubeadmRun, line: string): void {
  run.unit.output.push(line);
}

/** Lets the simulated world react, then works for about `ms`. Throws OperationEnded when the process died meanwhile. */
export async function work(run: KubeadmRun, ms: number): Promise<void> {
  const { world, unit } = run;
  settle(world);
  const variedMs = Math.round(ms * (0.9 + 0.2 * world.random.number()));
  await world.clock.sleep(variedMs / world.speed, unit.abort.signal);
  if (unit.abort.signal.aborted) throw new OperationEnded();
}

/** Polls until `condition` holds; false when it did not within `timeoutMs`. */
export async function poll(
  run: KubeadmRun,
  { everyMs, timeoutMs }: { readonly everyMs: number; readonly timeoutMs: number },
  condition: () => boolean,
): Promise<boolean> {
  const deadlineMs = run.world.clock.nowMs() + timeoutMs / run.world.speed;
  while (!condition()) {
    if (run.world.clock.nowMs() >= deadlineMs) return false;
    await work(run, everyMs);
  }
  return true;
}

/** Writes as kubeadm does: without fsync. */
export function leave(run: KubeadmRun, path: string, content: string, mode: number): void {
  const nowMs = run.world.clock.nowMs();
  putFile(run.host.disk, path, { content, mode, nowMs, synced: false });
}

/** Kubelets of control planes talk to their own API server: a gate that is on since 1.33. */
export function kubeletUsesLocalApi(run: KubeadmRun): boolean {
  const gates = run.discovery?.cluster.featureGates ?? run.configuration.cluster.featureGates;
  return gates['ControlPlaneKubeletLocalMode'] ?? minorOf(run.kubeadmVersion) >= 33;
}
