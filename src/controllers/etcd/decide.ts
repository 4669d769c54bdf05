import type { Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import { because } from './because.ts';
import { changesOfAddress } from './decide-addresses.ts';
import { finishJoins } from './decide-joins.ts';
import type { Asked, Observed } from './observed.ts';

/** Three looks of the caretaker: whoever wrote an intent a moment ago is known by then. */
const ORPHAN_AFTER_MS = 60_000;
/** A host that waits for its proof is cleaned soon. */
const SOON_MS = 2_000;
const LOOK_AGAIN_MS = 10_000;

/**
 * What becomes of members whose hosts can not see to it themselves. One change a pass, each after a
 * fresh look, and none while etcd has an alarm or a voter does not answer (S5): but a member that
 * nobody reaches since its host has another address may be told to the others under that.
 */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { asked } = observed;
  if (!asked) return [];
  const alarm = alarmWait(asked);
  if (alarm) return [alarm];
  const silent = silentWait(asked);
  const changes = asked.fresh ? changesOf(observed, asked, silent === undefined) : [];
  return [...changes.slice(0, 1), ...(silent ? [silent] : lookAgain(observed))];
}

function changesOf(observed: Observed, asked: Asked, allAnswer: boolean): readonly Action[] {
  const moves = observed.caretaker ? changesOfAddress(observed.controlPlanes, asked) : [];
  if (!allAnswer) return moves;
  const drops = observed.caretaker ? orphans(asked) : [];
  return [...finishJoins(observed, asked), ...moves, ...drops];
}

function orphans(asked: Asked): readonly Action[] {
  return asked.members
    .filter(({ orphanForMs }) => orphanForMs >= ORPHAN_AFTER_MS)
    .map(({ id, name, peerUrls: [url] }) => {
      const summary = `the learner ${name || id} of etcd at ${url} is dropped: no node joins there, and nobody else can while it is there`;
      const reasons = because(asked, 'drop-learner', summary);
      return { type: 'drop-learner', memberId: id, about: null, operationId: null, reasons };
    });
}

function alarmWait({ alarms, members }: Asked): Requeue | undefined {
  const [alarm] = alarms;
  if (!alarm) return undefined;
  const { kind, memberId } = alarm;
  const name = members.find(({ id }) => id === memberId)?.name ?? memberId;
  const cure =
    kind === 'NOSPACE'
      ? 'compact and defragment it'
      : `let ${name} leave the cluster and join again`;
  const message = `etcd on ${name} has the alarm ${kind}, and no member is changed until it is gone: ${cure}, then run \`etcdctl alarm disarm\``;
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'etcd-alarm', message } };
}

function silentWait({ members }: Asked): Requeue | undefined {
  const silent = members.filter(({ learner, healthy }) => !learner && !healthy);
  if (silent.length === 0) return undefined;
  const names = silent.map(({ name, id }) => name || id).join(', ');
  const message = `no member of etcd is changed until all of its voters answer and are well: bring back ${names}, or let another machine take that place`;
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'etcd-silent', message } };
}

function lookAgain({ intents }: Observed): readonly Requeue[] {
  const isPressing = intents.some(({ sponsored, ended }) => sponsored && ended);
  return isPressing ? [{ type: 'requeue', afterMs: SOON_MS }] : [];
}
