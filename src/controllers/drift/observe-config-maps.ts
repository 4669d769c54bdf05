import type { Ports } from '../../ports/index.ts';
import {
  formerPatches,
  judgeConfigMaps,
  readConfigMaps,
} from '../../runtime/kubeadm-config-maps.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { configurationDigest } from '../../state/configuration-digest.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import type { Roster } from '../../state/roster.ts';
import { answered } from './answered.ts';
import type { Memory } from './memory.ts';
import type { Serving } from './observed.ts';
import { rosterNow } from './turn.ts';

const LOOK_AGAIN_MS = 60_000;

interface Question {
  readonly clusterId: string;
  readonly spec: ClusterSpec;
  /** One of them is known to deviate: they are looked at as often as all else. */
  readonly deviate: boolean;
}

/**
 * ConfigMaps of kubeadm, on the one control plane that looks after them: the first of those that are
 * whole. Not while it can not be told what they should say: in a rollout, or before all control planes
 * have taken up what the spec says by now.
 */
export async function observeConfigMaps(
  ports: Ports,
  question: Question,
  memory: Memory,
): Promise<Serving['configMaps']> {
  const { clock, host } = ports;
  const { clusterId, spec, deviate } = question;
  if (!deviate && clock.nowMs() - memory.configMapsAtMs < LOOK_AGAIN_MS) return 'unseen';
  memory.configMapsAtMs = clock.nowMs();
  const roster = rosterNow(ports);
  const kubernetesVersion = isMine(ports, spec, roster) ? commonVersion(ports, roster) : undefined;
  if (kubernetesVersion === undefined) return 'not-ours';
  const asked = await answered(readConfigMaps(ports));
  if (asked.state === 'silent') return 'unseen';
  memory.cgroupDriver ??= await host.cgroupDriver();
  const { cgroupDriver } = memory;
  const former = formerPatches(ports);
  const context = { kubernetesVersion, clusterId, cgroupDriver, spec, former };
  return judgeConfigMaps(asked.value, context);
}

function isMine({ self, store }: Ports, { kubeadm }: ClusterSpec, roster: Roster): boolean {
  const isAtRest = roster.joins.length + roster.departing.length === 0;
  const isHeld = store.get('release', SINGLETON)?.value.heldBy != null;
  if (!isAtRest || isHeld || store.list('order').length > 0) return false;
  if (roster.sponsors[0] !== self.nodeId) return false;
  const digest = configurationDigest(kubeadm, 'control-plane');
  return roster.controlPlanes.every(({ nodeId }) => {
    return store.get('upkeep', nodeId)?.value.configurationDigest === digest;
  });
}

/** What all API servers run; undefined while they differ, or one has not told. */
function commonVersion({ store }: Ports, { controlPlanes }: Roster) {
  const versions = controlPlanes.map(({ nodeId }) => {
    return store.get('upkeep', nodeId)?.value.parts.apiServer ?? undefined;
  });
  const [version] = new Set(versions);
  const isCommon = version !== undefined && versions.every((each) => each === version);
  return isCommon ? parseKubernetesVersion(version) : undefined;
}
