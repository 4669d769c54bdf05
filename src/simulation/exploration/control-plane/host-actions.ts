import type { Action } from '../../../controllers/kubeadm/action.ts';
import { readProgress } from '../../../machines/operation-progress.ts';
import type { Task } from '../../../state/assignment.ts';
import {
  ETCD_FOLDER,
  MANIFESTS_FOLDER,
  MARKER_FILE,
  PARKED_FOLDER,
} from '../../../state/kubernetes-paths.ts';
import type { Operation } from '../../../state/operation.ts';
import type { Status } from '../../../state/status.ts';
import { isLetGo, startCommand } from './command-actions.ts';
import { revisionOf, SELF } from './host-view.ts';
import { generic, isShared } from './names.ts';
import { ownEntries, type Place, type Recorded, type Said } from './place.ts';
import { changed, type Stage } from './stage.ts';
import type { Surroundings } from './surroundings.ts';

const NEEDS_KEYS: readonly Task[] = ['join-control-plane', 'promote'];

/** One action of the node at `index`. Undefined when it fails, which ends the pass. */
export function act(
  stage: Stage,
  action: Action,
  around: Surroundings,
  index: number,
): Stage | undefined {
  const { place } = stage;
  switch (action.type) {
    case 'obey':
      return obey(stage, action.term, index);
    case 'report':
      return around.logAnswers ? changed(stage, { said: saidIn(action.status) }) : undefined;
    case 'record':
      return record(stage, action, around, index);
    case 'write-files':
      return writeFiles(stage);
    case 'announce-command':
      return changed(stage, { kubeadm: 'announced', phase: 0 });
    case 'start-command':
      return startCommand(stage, action.name, around, index);
    case 'leave-etcd':
      if (place.member === 'none') return stage;
      return around.mayLeaveEtcd ? changed(stage, { member: 'none' }) : undefined;
    case 'forget-command':
      return changed(
        stage,
        action.name.startsWith('reset-') ? { reset: 'absent' } : { kubeadm: 'absent', phase: 0 },
      );
    case 'remove-files':
      return removeFiles(stage, action.paths, index);
    case 'remove-trees':
      return removeTrees(stage, action.paths, index);
    default:
      // What else there is prepares a host, or makes files durable: here they always are.
      return stage;
  }
}

function obey(stage: Stage, term: number, index: number): Stage {
  const { highestTerm } = stage.place;
  const change = { obeyedTerm: term, highestTerm: Math.max(term, highestTerm) };
  return changed(stage, change, { type: 'obey', place: index, term, highest: highestTerm });
}

function writeFiles(stage: Stage): Stage {
  const { asked } = ownEntries(stage.place);
  const keys = stage.place.keys || NEEDS_KEYS.some((task) => task === asked?.task);
  return changed(stage, { marker: asked?.name ?? null, keys });
}

/** Manifests of a control plane go by name, and the marker together with all else that is ours. */
function removeFiles(stage: Stage, paths: readonly string[], index: number): Stage {
  const { place } = stage;
  if (paths.includes(MARKER_FILE)) return changed(stage, { marker: null, keys: place.manifests });
  const takesDown = paths.some((path) => isIn(path, MANIFESTS_FOLDER) || isIn(path, PARKED_FOLDER));
  if (!takesDown || !place.manifests) return stage;
  const deed = { type: 'take-down', place: index, isLetGo: isLetGo(stage) } as const;
  return changed(stage, { manifests: false, parked: withoutStaticPods(place) }, deed);
}

function removeTrees(stage: Stage, paths: readonly string[], index: number): Stage {
  const { place } = stage;
  const etcd = paths.some((path) => isIn(path, ETCD_FOLDER));
  const parked = place.parked !== 'none' && paths.some((path) => isIn(path, PARKED_FOLDER));
  const change = {
    ...(etcd && { etcdData: false }),
    ...(parked && { parked: 'none' as const, manifests: false, registered: false }),
  };
  const deed = { type: 'take-down', place: index, isLetGo: isLetGo(stage) } as const;
  return Object.keys(change).length === 0 ? stage : changed(stage, change, deed);
}

function withoutStaticPods({ parked, registered }: Place): Place['parked'] {
  return parked === 'all' && registered ? 'all' : 'none';
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function record(
  stage: Stage,
  { operation, ifRevision }: Extract<Action, { type: 'record' }>,
  { logAnswers, initTaken }: Surroundings,
  index: number,
): Stage | undefined {
  const next = recordedIn(operation);
  const present = stage.place.recorded?.name === next.name ? stage.place.recorded : null;
  const taken = present === null && initTaken && isShared(next.name);
  if (!logAnswers || taken || revisionOf(present) !== ifRevision) return undefined;
  // What a node wrote itself it reads at once, however old the rest of its copy.
  const { copy } = stage.place;
  const change = {
    recorded: next,
    wasControlPlane: stage.place.wasControlPlane || isOvertaken(stage.place.recorded, next),
    ...(present ? {} : { started: 0 }),
    ...(copy && copy.state !== 'kept' ? { copy: { ...copy, recorded: next } } : {}),
  };
  if (next.progress.state !== 'succeeded') return changed(stage, change);
  const again = present?.progress.state === 'succeeded';
  return changed(stage, change, { type: 'complete', place: index, again });
}

function isOvertaken(before: Recorded | null, { name }: Recorded): boolean {
  if (before === null || before.name === name) return false;
  return (
    before.task === 'init' || before.task === 'join-control-plane' || before.task === 'promote'
  );
}

function recordedIn({ operationId, task, snapshot }: Operation): Recorded {
  const progress = readProgress(snapshot);
  if (!progress) throw new RangeError('an operation was recorded that nobody can read');
  return { name: generic(operationId, SELF), task, progress: { ...progress, reason: null } };
}

function saidIn({ phase, operationId, waiting, kubernetes }: Status): Said {
  const { nodeReady, apiServerReady, etcdMember } = kubernetes;
  return {
    phase,
    name: operationId === null ? null : generic(operationId, SELF),
    reason: waiting?.reason ?? null,
    nodeReady,
    apiServerReady,
    etcdMember,
  };
}
