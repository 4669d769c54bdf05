import type { Action } from '../../../controllers/kubeadm/action.ts';
import { readProgress } from '../../../machines/operation-progress.ts';
import { MARKER_FILE } from '../../../state/kubernetes-paths.ts';
import type { Operation } from '../../../state/operation.ts';
import type { Status } from '../../../state/status.ts';
import type { Deed } from './deed.ts';
import { revisionOf, SELF } from './host-view.ts';
import { generic, isShared } from './names.ts';
import { ownEntries, type Place, type Recorded, type Said } from './place.ts';
import type { Surroundings } from './surroundings.ts';

/** A place after one more action of its agent; deeds are those of all actions up to it. */
export interface Stage {
  readonly place: Place;
  readonly deeds: readonly Deed[];
}

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
    case 'start-command':
      return start(stage, action.name, around, index);
    case 'leave-etcd':
      if (place.member === 'none') return stage;
      return around.mayLeaveEtcd ? changed(stage, { member: 'none' }) : undefined;
    case 'forget-command':
      return changed(
        stage,
        action.name.startsWith('reset-') ? { reset: 'absent' } : { kubeadm: 'absent', phase: 0 },
      );
    case 'remove-files': {
      if (!action.paths.includes(MARKER_FILE)) return stage;
      return changed(stage, { marker: null, keys: place.manifests });
    }
    default:
      // What else there is prepares a host, or makes files durable: here they always are.
      return stage;
  }
}

function changed({ place, deeds }: Stage, change: Partial<Place>, ...more: Deed[]): Stage {
  const isNews = Object.entries(change).some(([field, value]) => {
    return JSON.stringify(place[field as keyof Place]) !== JSON.stringify(value);
  });
  return {
    place: isNews ? { ...place, ...change } : place,
    deeds: more.length > 0 ? [...deeds, ...more] : deeds,
  };
}

function obey(stage: Stage, term: number, index: number): Stage {
  const { highestTerm } = stage.place;
  const change = { obeyedTerm: term, highestTerm: Math.max(term, highestTerm) };
  return changed(stage, change, { type: 'obey', place: index, term, highest: highestTerm });
}

function writeFiles(stage: Stage): Stage {
  const { asked } = ownEntries(stage.place);
  const keys = stage.place.keys || asked?.task === 'join-control-plane';
  return changed(stage, { marker: asked?.name ?? null, keys });
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
    ...(present ? {} : { started: 0 }),
    ...(copy && copy.state !== 'kept' ? { copy: { ...copy, recorded: next } } : {}),
  };
  if (next.progress.state !== 'succeeded') return changed(stage, change);
  const again = present?.progress.state === 'succeeded';
  return changed(stage, change, { type: 'complete', place: index, again });
}

function start(
  stage: Stage,
  command: string,
  { logAnswers }: Surroundings,
  index: number,
): Stage | undefined {
  const { place } = stage;
  const { asked } = ownEntries(place);
  const state = place.recorded?.name === asked?.name ? place.recorded?.progress.state : undefined;
  if (command.startsWith('reset-')) {
    const hasServed = place.recorded?.progress.state === 'succeeded';
    const isCommitted = state === 'resetting';
    const deed: Deed = { type: 'reset', place: index, isCommitted, hasServed };
    return changed(stage, { reset: 'running' }, deed);
  }
  if (!asked) return undefined;
  const attempt = Number(command.split('-')[1]);
  const ranInit = place.ranInit || asked.task === 'init';
  return changed(
    stage,
    { kubeadm: 'running', phase: 0, started: attempt, ranInit },
    {
      type: 'start',
      place: index,
      asked,
      attempt,
      startedBefore: place.started,
      isCommitted: state === 'running',
      logAnswers,
    },
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
