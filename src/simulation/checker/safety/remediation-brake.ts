import type { TracedMember } from '../../trace/entry.ts';
import { kubeadmVerb } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import {
  hasServed,
  healthyVoters,
  moment,
  operationsOfNode,
  specOf,
  votersOf,
} from '../known/questions.ts';
import { invariant } from '../rule.ts';

/** Whose place is empty since a replacement began, by Kubernetes cluster. */
interface State {
  readonly inFlight: { readonly host: string; readonly voters: number } | undefined;
}

const initial: State = { inFlight: undefined };

/** A voter that is removed by others than itself is being replaced. */
export const remediationBrake = invariant({
  id: 'S20',
  title: 'Replacement has a brake',
  rule: 'Only a control plane that the log calls dead is replaced, none while the heir of another one is on its way, and none while more than maxUnhealthy are unhealthy.',
  hears: ['etcd.members'],
  initial,
  step(state, { cluster, members, atMs }, known) {
    const before = known.members.get(cluster) ?? [];
    const removed = votersOf(before).find((old) => members.every(({ host }) => host !== old.host));
    if (removed === undefined || isNoReplacement(removed.host, known)) {
      return { state: isRefilled(state, members) ? initial : state };
    }
    const next = { inFlight: { host: removed.host, voters: votersOf(before).length } };
    const problem = brakeProblem(state, removed, before, known);
    const broken =
      problem && `${removed.host} was removed from etcd at ${moment(atMs)}, ${problem}`;
    return { state: next, broken };
  },
});

/** It leaves by itself or was let go, or what goes is left of a join that failed. */
function isNoReplacement(host: string, known: Known): boolean {
  const commands = known.commands.get(host) ?? [];
  const leaves = commands.some((command) => kubeadmVerb(command) === 'reset');
  return leaves || isLetGo(host, known) || isHalfJoined(host, known);
}

/** Nobody takes it for dead: it is one more than is wanted, or people asked it to go. */
function isLetGo(host: string, { log, nodeIds }: Known): boolean {
  const nodeId = nodeIds.get(host) ?? '';
  const isDemoted = log.assignment.get(nodeId)?.value.task === 'demote';
  return isDemoted || log.request.get(nodeId)?.value.type === 'leave';
}

function isHalfJoined(host: string, known: Known): boolean {
  const began = operationsOfNode(known, known.nodeIds.get(host)).length > 0;
  return began && !hasServed(known, host);
}

function isRefilled({ inFlight }: State, members: readonly TracedMember[]): boolean {
  return inFlight !== undefined && votersOf(members).length >= inFlight.voters;
}

function brakeProblem(
  { inFlight }: State,
  removed: TracedMember,
  before: readonly TracedMember[],
  known: Known,
): string | undefined {
  if (removed.healthy) return undefined;
  if (inFlight && before.some(({ learner }) => learner)) {
    return `while the heir of ${inFlight.host} was on its way`;
  }
  const verdict = verdictOn(removed.host, known);
  if (verdict !== 'dead') return `and the log says that it is ${verdict}`;
  const voters = votersOf(before).length;
  const unhealthy = voters - healthyVoters(before).length;
  const most = specOf(known)?.replacement.maxUnhealthy ?? Math.floor((voters - 1) / 2);
  return unhealthy > most ? `while ${unhealthy} of ${voters} were unhealthy` : undefined;
}

/** A machine whose disk was emptied is another node of the same name: it lives, and what it was is dead. */
function verdictOn(host: string, { log }: Known): string {
  const named = [...log.node.values()].filter(({ value }) => value.hostname === host);
  const verdicts = named.map(({ value }) => log.liveness.get(value.nodeId)?.value.verdict);
  return verdicts.find((verdict) => verdict === 'dead') ?? verdicts.at(-1) ?? 'not judged';
}
