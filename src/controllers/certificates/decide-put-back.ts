import { isKubeadmLeaf } from '../../state/leaf-files.ts';
import { act, type Course, watch } from './course.ts';
import { lockedOutKubelet } from './decide-kubelet.ts';
import type { Observed, Underway } from './observed.ts';
import { commandName } from './renewal.ts';

const MOST_LETTERS = 1_000;

/** From here on the renewal goes back. */
export function giveUp({ renewal }: Underway, why: string): Course {
  const whyPutBack = why.slice(0, MOST_LETTERS);
  return act({ type: 'record', renewal: { ...renewal, phase: 'put-back', whyPutBack } });
}

/** The former leaves, and whoever was started with the new ones once more; then the order has failed. */
export function putBack(observed: Observed, underway: Underway): Course {
  const { renewal, command, kubeletRuns } = underway;
  if (command.phase === 'running') return watch();
  if (command.phase !== 'absent') {
    return act({ type: 'forget-command', command: commandName(renewal) });
  }
  if (renewal.backedUp && !isPutBack(observed, underway)) return act({ type: 'put-back', renewal });
  const [user, ...rest] = renewal.restarted;
  if (user !== undefined) {
    if (!kubeletRuns) return lockedOutKubelet(observed) ?? watch();
    return act({ type: 'restart', user, renewal: { ...renewal, restarted: rest } });
  }
  if (!observed.synced) return watch();
  const { id, startedWallMs, whyPutBack: reason } = renewal;
  const work = {
    operationId: id,
    startedWallMs,
    step: 'put back',
    state: 'failed',
    reason,
  } as const;
  return { ...act({ type: 'finish' }), work };
}

/** A kubelet made its own certificate, and makes another when it starts. */
function isPutBack({ leaves }: Observed, { renewal }: Underway): boolean {
  return renewal.before
    .filter(({ name }) => isKubeadmLeaf(name))
    .every((before) => {
      const present = leaves.find(({ name }) => name === before.name);
      return present?.notAfterWallMs === before.notAfterWallMs;
    });
}
