import type { LogGroups, LogMember } from '../../ports/log-peers.ts';
import type { Guard } from '../../state/decision-event.ts';
import type { Replica } from '../../state/genesis-record.ts';
import type { WaitReason } from '../../state/status.ts';
import { chooseHost, replicaOn } from './choose-host.ts';
import type { Step } from './dismiss.ts';
import type { Going } from './going.ts';
import type { Observed } from './observed.ts';

/** What one decision needs to be there. */
export type Plan = Observed & { readonly term: number };

/** Gives the place of one replica to another node. */
export function begin(plan: Plan, going: Going): Step {
  const { groups, replicas, facts, term } = plan;
  const host = chooseHost(going, replicas, facts);
  if (!host) return nobody(going);
  if (!groups) return unheard();
  const others = replicas.replicas.filter((each) => each !== going.replica);
  const behind = behindIn(others, groups);
  if (behind) return behind;
  const generation = replicas.generation + 1;
  const replica = replicaOn(host.host, generation, replicas);
  // A server that never came to be part of the log leaves nothing behind.
  const leaving = replicas.leaving ?? going.replica;
  const { hostname } = going.facts.node;
  return {
    type: 'write',
    term,
    replicas: { generation, term, replicas: [...others, replica], leaving },
    ifRevision: plan.revision,
    about: going.facts.node.nodeId,
    reasons: {
      action: 'move-replica',
      summary: `The replica ${going.replica.serverName} of the log moves to ${host.host.node.hostname} as ${replica.serverName}, because ${hostname} ${going.because}.`,
      guards: [
        quorumGuard(others),
        { name: 'one-change-at-a-time', passed: true, message: 'No other replica moves.' },
      ],
      rejected: host.rejected,
    },
  };
}

/** The move is over. */
export function end(plan: Plan, leaving: Replica): Step {
  const { term, replicas, revision } = plan;
  return {
    type: 'write',
    term,
    replicas: { ...replicas, generation: replicas.generation + 1, term, leaving: null },
    ifRevision: revision,
    about: leaving.nodeId,
    reasons: {
      action: 'replica-moved',
      summary: `The log does without ${leaving.serverName}, and all that is left of it may go.`,
      guards: [],
      rejected: [],
    },
  };
}

/** The wait for the first of these that lacks some of the log; undefined when they are enough to go on. */
export function behindIn(others: readonly Replica[], groups: LogGroups): WaitReason | undefined {
  const behind = others.find((each) => !isCurrent(each, groups));
  return behind && lagging(behind);
}

/** Of those that nothing is done to. */
export function quorumGuard(others: readonly Replica[]): Guard {
  const names = others.map(({ serverName }) => serverName).join(' and ');
  return { name: 'log-quorum', passed: true, message: `${names} have all of the log.` };
}

function isCurrent(replica: Replica, { meta, buckets }: LogGroups): boolean {
  return [meta, ...buckets].every(({ members }) => isCurrentIn(replica, members));
}

export function isCurrentIn({ serverName }: Replica, members: readonly LogMember[]): boolean {
  return members.some((each) => each.serverName === serverName && each.current);
}

export function unheard(): WaitReason {
  const message =
    'waiting for most replicas of the log to agree before one of them is moved: start their machines';
  return { reason: 'replica-quorum', message };
}

export function lagging({ serverName }: Replica): WaitReason {
  const message = `waiting for the replica ${serverName} of the log to have all of it: start its machine if it does not run`;
  return { reason: 'replica-quorum', message };
}

function nobody({ replica, facts, because }: Going): WaitReason {
  const message = `the replica ${replica.serverName} of the log has no other place: ${facts.node.hostname} ${because}, and no living node is without a replica: start another machine`;
  return { reason: 'replica-no-host', message };
}
