import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import { isKubeadmLeaf } from '../../state/leaf-files.ts';
import { isOver } from '../../state/leaf-life.ts';
import { act, type Course, wait, watch } from './course.ts';
import type { Observed } from './observed.ts';
import type { Renewal } from './renewal.ts';

/**
 * A control plane whose own leaves are over renews them without being asked: by them nothing works, so
 * nothing is disturbed, and whoever could ask may be in the same place.
 */
export function renewWhatIsOver(observed: Observed): Course | undefined {
  const { leaves, wallMs, hostsControlPlane, settled, parked, clockTrouble } = observed;
  const own = leaves.filter(({ name }) => isKubeadmLeaf(name));
  const over = own.filter((leaf) => isOver(leaf, wallMs));
  if (over.length === 0 || !settled) return undefined;
  // What was parked at the boot is about to come back, or another one's by now.
  if (parked) return watch();
  if (!hostsControlPlane) return undefined;
  if (clockTrouble !== undefined) return doubtful(over, clockTrouble);
  return act({ type: 'record', renewal: renewalOf(observed, own, over) });
}

/** What the clock of this host calls over may be so only by that clock. */
export function doubtful(over: readonly LeafCertificate[], clockTrouble: string): Course {
  const names = over.map(({ name }) => name).join(', ');
  const message = `by the clock of this host the certificates ${names} are over, and none is renewed before that is certain: ${clockTrouble}`;
  return wait({ reason: 'clock', message });
}

function renewalOf(
  { wallMs, notRunning }: Observed,
  own: readonly LeafCertificate[],
  over: readonly LeafCertificate[],
): Renewal {
  const firstWallMs = Math.min(...over.map(({ notAfterWallMs }) => notAfterWallMs));
  return {
    // Another year's renewal has another name.
    id: `over-${firstWallMs}`,
    ordered: false,
    startedWallMs: wallMs,
    phase: 'renew',
    // kubeadm renews all of them.
    before: own.map(({ name, notAfterWallMs }) => ({ name, notAfterWallMs })),
    backedUp: false,
    synced: false,
    // Whoever does not run reads the new ones when it starts.
    restarted: [...notRunning],
    whyPutBack: null,
  };
}
