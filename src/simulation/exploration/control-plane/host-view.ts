import type { Observed } from '../../../controllers/kubeadm/observed.ts';
import { attemptOf } from '../../../machines/operation-progress.ts';
import { USUAL_RETRY } from '../../../state/join-retry.ts';
import {
  assignmentValue,
  CLUSTER_ID,
  entry,
  INCARNATION,
  KUBERNETES_VERSION,
  operationValue,
  statusValue,
} from './entries.ts';
import { commandOf, factsOf, formerOperation, LONG_MS, resetOf, residueOf } from './host-facts.ts';
import { isInPlace } from './in-place.ts';
import { nodeIdAt, specific } from './names.ts';
import { type Asked, ownEntries, type Place, type Recorded } from './place.ts';
import { roleChangeOf } from './role-change.ts';
import type { Surroundings } from './surroundings.ts';

/** Decisions of a host know no other node but these two. */
export const SELF = nodeIdAt(0);
const OTHER = nodeIdAt(1);

/** What the kubeadm controller sees; `handedOver`: keys and token are there. */
export function kubeadmView(place: Place, around: Surroundings, handedOver: boolean): Observed {
  const { asked: written, recorded } = ownEntries(place);
  const asked = around.askedInVain ? null : written;
  const own = asked && recorded?.name === asked.name ? recorded : null;
  const attempt = own ? attemptOf(own.progress) : 0;
  const isLive = own !== null && attempt === place.started && !isInPlace(place);
  const roleChange = roleChangeOf(place, asked);

  return {
    clusterId: CLUSTER_ID,
    nodeId: SELF,
    incarnation: INCARNATION,
    wallMs: 0,
    kubernetesVersion: KUBERNETES_VERSION,
    assignment: asked ? assignmentValue(SELF, asked, OTHER) : undefined,
    ...(written && !asked && { lateAssignment: assignmentValue(SELF, written, OTHER) }),
    retry: USUAL_RETRY,
    obeyedTerm: place.obeyedTerm,
    operation: operationOf(asked, own, around),
    reported: place.said ? entry('status', SELF, statusValue(SELF, place.said), 1) : undefined,
    host: { state: 'ready' },
    marker:
      place.marker === null
        ? undefined
        : {
            clusterId: CLUSTER_ID,
            nodeId: SELF,
            incarnation: INCARNATION,
            operationId: specific(place.marker, SELF),
          },
    formerOperation: formerOperation(place, asked),
    residue: residueOf(place, asked),
    synced: place.copy?.state !== 'restarted',
    listedForMs: LONG_MS,
    kubeletStranded: false,
    missingFile: undefined,
    facts: factsOf(place, around, asked),
    worseForMs: LONG_MS,
    balancer: { running: true, listsOwnServer: true, reachesOthers: around.reachesOthers },
    handover: handedOver ? 'ready' : 'absent',
    command: isLive ? commandOf(place.kubeadm) : { phase: 'absent' },
    reset: resetOf(place),
    ...(roleChange && { roleChange }),
    inStateForMs: LONG_MS,
  };
}

/** Revisions are told by value: an operation comes back to where it was only when nothing was started since. */
export function revisionOf(recorded: Recorded | null): number {
  if (!recorded) return 0;
  const { state, failures } = recorded.progress;
  const states = ['intended', 'running', 'verifying', 'failed', 'resetting'];
  const at = states.indexOf(state);
  return 1 + failures * 10 + (at < 0 ? 9 : at);
}

function operationOf(
  asked: Asked | null,
  own: Recorded | null,
  { initTaken }: Surroundings,
): Observed['operation'] {
  if (!asked) return undefined;
  if (own) return entry('operation', own.name, operationValue(SELF, own), revisionOf(own));
  if (asked.name !== 'init' || !initTaken) return undefined;
  const others: Recorded = {
    name: asked.name,
    task: asked.task,
    progress: { state: 'intended', failures: 0, outcome: null, reason: null },
  };
  return entry('operation', asked.name, operationValue(OTHER, others), 1);
}
