import { type FinalMachine, isGoneForGood, isThere, type Quorum, weigh } from './quorum.ts';

/**
 * How a cluster ends:
 * - `whole`: all that should serve does.
 * - `degraded`: log and API work, and something is missing.
 * - `frozen`: a quorum is gone, so nothing changes until what is missing returns.
 * - `lost`: a quorum is gone with its disks, so nothing that returns is enough.
 */
type Ending = 'whole' | 'degraded' | 'frozen' | 'lost';

export interface Verdict {
  readonly ending: Ending;
  /** What is there or missing, a sentence each. */
  readonly reasons: readonly string[];
  /** What would help, a sentence each. */
  readonly cures: readonly string[];
}

/** How a simulation ended. */
export interface FinalFacts {
  readonly machines: readonly FinalMachine[];
  /** Hosts of the log's replicas; null when no log was ever founded. */
  readonly logReplicas: readonly string[] | null;
  /** Hosts of etcd's voting members; null when there is no etcd. */
  readonly etcdVoters: readonly string[] | null;
  /** Why no cluster was founded; null when one was, or nobody says. */
  readonly waiting: string | null;
  readonly logWorks: boolean;
  readonly apiWorks: boolean;
  readonly isWhole: boolean;
  /** As `civitas status` says it. */
  readonly summary: string;
  readonly controlPlanes: readonly string[];
  /** Machines that the log knows to be gone, and whose place others have. */
  readonly replaced: readonly string[];
  /** Kubernetes as the spec asks for it, and the nodes that run another release. */
  readonly wantedVersion: string | null;
  readonly behind: readonly string[];
  /** How far the rollout under way is and what it waits for, half a sentence; null: there is none. */
  readonly rollout: string | null;
}

/** Judges the end of a simulation. Pure. */
export function judge(facts: FinalFacts): Verdict {
  const { logReplicas, etcdVoters, machines } = facts;
  if (logReplicas === null) return notFounded(facts);
  const quorums = [
    { name: 'The log', member: 'replicas', quorum: weigh(logReplicas, machines) },
    ...(etcdVoters
      ? [{ name: 'etcd', member: 'members', quorum: weigh(etcdVoters, machines) }]
      : []),
  ];
  const missing = quorums.filter(({ quorum }) => !isThere(quorum));
  const reasons = missing.map(missingSentence);
  const cures = missing.map(({ name, quorum }) => cureOf(name, quorum));
  if (quorums.some(({ quorum }) => isGoneForGood(quorum)))
    return { ending: 'lost', reasons, cures };
  if (missing.length > 0) return { ending: 'frozen', reasons, cures };
  return judgeWorking(facts);
}

interface QuorumSystem {
  readonly name: string;
  readonly member: string;
  readonly quorum: Quorum;
}

/** What the machines wait for says what would help, too. */
function notFounded({ waiting }: FinalFacts): Verdict {
  const why = waiting?.replace(/\.$/, '') ?? 'no machine that runs says why';
  return { ending: 'frozen', reasons: [`No cluster was founded: ${why}.`], cures: [] };
}

function missingSentence({ name, member, quorum }: QuorumSystem): string {
  const { total, needed, together, off, lost, apart } = quorum;
  const causes = [
    ...(lost.length > 0 ? [`lost with their disks: ${list(lost)}`] : []),
    ...(off.length > 0 ? [`switched off: ${list(off)}`] : []),
    ...(apart.length > 0 ? [`out of reach: ${list(apart)}`] : []),
  ];
  return `${name} has ${together.length} of ${total} ${member} together, and needs ${needed} (${causes.join('; ')}).`;
}

function cureOf(name: string, quorum: Quorum): string {
  const { needed, together, off, apart } = quorum;
  if (isGoneForGood(quorum)) {
    return `${name} needs more than can return, and this release recovers no lost quorum: form a new cluster.`;
  }
  const ways = [
    ...(off.length > 0 ? [`switch on ${list(off, 'or')}`] : []),
    ...(apart.length > 0 ? [`heal the network to ${list(apart, 'or')}`] : []),
  ];
  return `${name} goes on once ${needed - together.length} more return: ${ways.join(', or ')}.`;
}

function judgeWorking(facts: FinalFacts): Verdict {
  const { isWhole, summary, machines } = facts;
  const troubles = [
    ...unnoticed(facts),
    ...separated(machines),
    ...startingUp(facts),
    ...notUpgraded(facts),
  ];
  const replaced =
    facts.replaced.length > 0 ? [`${list(facts.replaced)} is gone, and others do its work.`] : [];
  const ending = isWhole && troubles.length === 0 ? 'whole' : 'degraded';
  const asStatus = ending === 'whole' || !isWhole ? [`${summary.replace(/^whole: /, '')}.`] : [];
  return {
    ending,
    reasons: [...asStatus, ...replaced, ...troubles],
    cures: [...controlPlaneCures(facts), ...upgradeCures(facts)],
  };
}

/** The log learns of a machine's end only after its lease. */
function unnoticed({ isWhole, machines, replaced }: FinalFacts): readonly string[] {
  const gone = machines
    .filter(({ hostname, state }) => state !== 'running' && !replaced.includes(hostname))
    .map(({ hostname }) => hostname);
  return isWhole && gone.length > 0
    ? [`${list(gone)} is gone, which the log does not know yet.`]
    : [];
}

function separated(machines: readonly FinalMachine[]): readonly string[] {
  const groups = [...Map.groupBy(machines, ({ group }) => group).values()];
  if (groups.length < 2) return [];
  const names = groups.map((group) => list(group.map(({ hostname }) => hostname)));
  return [`The network is still cut between ${names.join(' | ')}.`];
}

function startingUp({ logWorks, apiWorks }: FinalFacts): readonly string[] {
  return [
    ...(logWorks ? [] : ['The replicas of the log are enough, and have not elected a leader yet.']),
    ...(apiWorks ? [] : ['No API server is ready.']),
  ];
}

function notUpgraded({ wantedVersion, behind, rollout }: FinalFacts): readonly string[] {
  if (wantedVersion === null || behind.length === 0) return [];
  const why = rollout ?? 'no rollout is under way';
  return [`${wantedVersion} is asked for, and not yet on ${list(behind)}: ${why}.`];
}

/** What it waits for says what would help, if anything does. */
function upgradeCures({ behind, rollout }: FinalFacts): readonly string[] {
  if (behind.length === 0 || rollout === null) return [];
  return ['Simulate for longer (--for) to see whether the rollout ends.'];
}

function controlPlaneCures({ machines, controlPlanes }: FinalFacts): readonly string[] {
  const gone = machines.filter(
    ({ hostname, state }) => state !== 'running' && controlPlanes.includes(hostname),
  );
  return gone.map(({ hostname, state }) =>
    state === 'off'
      ? `Switch ${hostname} on again, or start another machine with the same token in its place.`
      : `Start another machine with the same token in the place of ${hostname}.`,
  );
}

function list(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  const distinct = [...new Set(names)];
  const last = distinct.at(-1) ?? '';
  return distinct.length < 2 ? last : `${distinct.slice(0, -1).join(', ')} ${word} ${last}`;
}
