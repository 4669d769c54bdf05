import type { StoreHandle } from '../../ports/store.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { specProblems } from '../../state/spec-problems.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FaultEffect } from './fault-effect.ts';
import { syncedLog, unlessRefused } from './somebodys-log.ts';

type Patches = Partial<ClusterSpec['kubeadm']>;

/** What people write there: two things that roll from node to node, and two that are refused. */
const PATCHES: readonly Patches[] = [
  { kubeletConfiguration: { maxPods: 120 } },
  { clusterConfiguration: { apiServer: { extraArgs: [{ name: 'event-ttl', value: '2h0m0s' }] } } },
  { clusterConfiguration: { kubernetesVersion: 'v1.33.0' } },
  { clusterConfiguration: { networking: null, certificatesDir: '/srv/pki' } },
];

/** What people ask of kubeadm past the fields of the spec. */
export const configurationFaults = {
  'kubeadm-edited': {
    does: 'somebody edits spec.kubeadm, by what is taken or by what is refused',
    begin(fleet, { amount }) {
      void editKubeadm(fleet, PATCHES[Math.floor(amount * PATCHES.length)] ?? {});
      return undefined;
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

/** As the agent of a machine judges and keeps it. */
async function editKubeadm(fleet: Fleet, patches: Patches): Promise<void> {
  const store = syncedLog(fleet);
  const entry = store?.get('spec', SINGLETON);
  if (!store || !entry) return;
  const { expectedNodes } = fleet.recorder.trace().header;
  const wanted = { ...entry.value, kubeadm: { ...entry.value.kubeadm, ...patches } };
  if (specProblems(wanted, { expectedNodes, hostNetworks: [] }).length > 0) return;
  fleet.recorder.note('*', { type: 'script.edited', detail: `kubeadm ${JSON.stringify(patches)}` });
  const replacedWallMs = Math.max(0, Math.round(fleet.clock.wallMs()));
  if (await isKept(store, entry, replacedWallMs)) {
    await unlessRefused(store.put('spec', SINGLETON, wanted, entry.revision));
  }
}

function isKept(
  store: StoreHandle,
  { revision, value }: { readonly revision: number; readonly value: ClusterSpec },
  replacedWallMs: number,
): Promise<boolean> {
  const edition = { revision, spec: value, replacedWallMs };
  return unlessRefused(store.put('edition', String(revision), edition, 0));
}
