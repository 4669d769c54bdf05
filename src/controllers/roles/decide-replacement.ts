import { countText } from '../../state/count-text.ts';
import type { Guard } from '../../state/decision-event.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import { removalTrouble } from '../../state/projected-quorum.ts';
import { isLost, type Roster } from '../../state/roster.ts';
import { votersOf } from '../../state/voters.ts';
import { grace, graceLeftMs } from './grace.ts';
import { reasonsForReplacement } from './reasons.ts';
import { approval, heirOf, proposal } from './replacement-plan.ts';
import {
  type Answer,
  failed,
  memberChange,
  oneChange,
  type Situation,
  stalledDepartures,
  stayingControlPlanes,
} from './situation.ts';

const LONGEST_WAIT_MS = 5_000;
const LOST_PLACE = ['init', 'join-control-plane', 'join-worker', 'promote', 'demote'];

/**
 * Whether a control plane that is lost makes room for another one now, and which: undefined when none
 * is lost. The first guard that fails is what is waited for.
 */
export function replacement(situation: Situation): Answer | undefined {
  const facts = longestLost(situation);
  // The only control plane holds all that there is of the cluster.
  if (!facts || situation.roster.controlPlanes.length === 1) return undefined;

  const guards = guardsOf(situation, facts);
  const closed = failed(guards);
  const who = `${facts.node.hostname} ${isLost(facts) ? 'is lost' : 'is not whole, was asked to leave'}`;
  if (!closed) {
    const summary = `${who} and gives its place as control plane to ${heirOf(situation)}`;
    return {
      type: 'go',
      leaver: {
        facts,
        task: 'retire',
        reasons: reasonsForReplacement(situation.roster, facts, summary, guards),
      },
    };
  }
  const message = `${who} and keeps its place as control plane: ${closed.message}`;
  const isProposed = closed.name === 'approval';
  return {
    type: 'wait',
    wait: { reason: closed.name, message },
    afterMs:
      closed.name === 'grace'
        ? Math.min(graceLeftMs(situation, facts), LONGEST_WAIT_MS)
        : LONGEST_WAIT_MS,
    ...(isProposed && { proposal: proposal(situation, facts, guards) }),
  };
}

/** Wiped machines first: nothing of theirs can come back. Who was to become a worker is a member still. */
function longestLost({ roster, deadForMs, wiped }: Situation): NodeFacts | undefined {
  const demoted = roster.departing.filter(({ value }) => value.task === 'demote');
  const members = [...roster.controlPlanes, ...demoted.map(({ value }) => value)];
  const lost = members.flatMap(({ nodeId }) => {
    const facts = roster.facts.get(nodeId);
    return facts && isGone(roster, facts) ? [facts] : [];
  });
  const rank = ({ node }: NodeFacts) =>
    wiped.has(node.nodeId) ? Number.POSITIVE_INFINITY : (deadForMs.get(node.nodeId) ?? 0);
  const [first] = lost.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
  return first;
}

/** Lost, or of no use any more and asked to leave: nobody can join beside it before it went. */
function isGone({ sponsors }: Roster, facts: NodeFacts): boolean {
  return isLost(facts) || (facts.leaving && !sponsors.includes(facts.node.nodeId));
}

function guardsOf(situation: Situation, facts: NodeFacts): readonly Guard[] {
  return [
    grace(situation, facts),
    oneChange(otherChange(situation, facts)),
    quorum(situation, facts),
    heirs(situation, facts),
    storm(situation),
    approval(situation, facts),
  ];
}

/** Its own demotion, if it has one, comes to nothing any more. */
function otherChange({ roster }: Situation, { assignment }: NodeFacts): string | undefined {
  const own = roster.departing.filter((entry) => entry === assignment);
  return memberChange(roster, [...own, ...stalledDepartures(roster)]);
}

function quorum({ roster }: Situation, { node, status }: NodeFacts): Guard {
  const isVoter = status?.kubernetes.etcdMember === 'voter';
  const trouble = isVoter
    ? removalTrouble(votersOf(roster.facts.values()), node.hostname)
    : undefined;
  const message = trouble && `${trouble}: bring one of the lost control planes back`;
  return {
    name: 'quorum',
    passed: trouble === undefined,
    message: message ?? 'those that stay are a quorum of etcd',
  };
}

/**
 * Without a node for its place the lost one keeps it, as two voters of two are worth no more than two
 * of three, unless those that stay are an odd number, or more than are wanted.
 */
function heirs(situation: Situation, { node }: NodeFacts): Guard {
  const { roster, wanted, wiped } = situation;
  const staying = stayingControlPlanes(roster);
  const candidates = roster.candidates.order.length + roster.promotable.order.length;
  const passed =
    candidates > 0 ||
    wiped.has(node.nodeId) ||
    roster.controlPlanes.length > wanted.controlPlanes ||
    staying % 2 === 1;
  const message = passed
    ? `${countText(candidates, 'node')} can take its place, ${countText(staying, 'control plane')} ${staying === 1 ? 'stays' : 'stay'}`
    : 'no other node can take it: start another machine with the same token, or bring it back';
  return { name: 'no-replacement', passed, message };
}

function storm({ roster, wanted }: Situation): Guard {
  const { maxUnhealthy } = wanted.replacement;
  const lost = [...roster.facts.values()].filter(
    (facts) => isLost(facts) && LOST_PLACE.includes(facts.assignment?.value.task ?? ''),
  );
  const passed = maxUnhealthy === undefined || lost.length <= maxUnhealthy;
  const start = `${countText(lost.length, 'node')} ${lost.length === 1 ? 'is' : 'are'} lost`;
  const message = passed
    ? start
    : `${start}, and with more than ${maxUnhealthy} (replacement.maxUnhealthy) nobody is replaced: bring some back, or raise it`;
  return { name: 'too-many-lost', passed, message };
}
