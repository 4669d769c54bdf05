import type { LogGroups, LogMember } from '../../ports/log-peers.ts';
import type { Replica } from '../../state/genesis-record.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import { begin, behindIn, end, isCurrentIn, lagging, type Plan, unheard } from './change.ts';
import { chooseHost } from './choose-host.ts';
import { dismiss, type Step } from './dismiss.ts';
import { type Going, goingReplicas } from './going.ts';
import type { Observed } from './observed.ts';
import { displacedReplica, readdress } from './readdress.ts';

/** How soon to look again at what the servers of the log do by themselves. */
const LOOK_AGAIN_MS = 500;
/** How soon to look again at what only another machine can cure. */
const WAIT_MS = 5_000;

/**
 * One change at a time: a new replica is started, catches up, takes over the buckets, the old server
 * is removed, and only then the next may go.
 */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { term, graceMs } = observed;
  if (term === undefined || graceMs === undefined) return [];
  const step = nextStep({ ...observed, term });
  if (step === undefined) return [];
  if ('type' in step) return [step, { type: 'requeue', afterMs: LOOK_AGAIN_MS }];
  const afterMs = step.reason === 'replica-no-host' ? WAIT_MS : LOOK_AGAIN_MS;
  return [{ type: 'requeue', afterMs, waiting: step }];
}

function nextStep(plan: Plan): Step | undefined {
  const { replicas, groups } = plan;
  const displaced = displacedReplica(plan);
  if (displaced) return readdress(plan, displaced);
  const going = goingReplicas(plan);
  if (replicas.leaving) return groups ? finish(plan, groups, replicas.leaving, going) : unheard();
  const stray = groups && strayIn(plan, groups);
  if (stray) return dismiss(stray, groups, plan);
  const [first] = going.filter((each) => !each.mayStay || chooseHost(each, replicas, plan.facts));
  return first && begin(plan, first);
}

/** Whether the servers of the log have to be asked before anything is decided. */
export function asksServers(seen: Omit<Observed, 'groups' | 'evacuatedMs'>): boolean {
  const { replicas, facts, term } = seen;
  if (term === undefined) return false;
  if (replicas.leaving || displacedReplica(seen)) return true;
  return goingReplicas(seen).some((each) => chooseHost(each, replicas, facts) !== undefined);
}

/** Sees a move to its end. */
function finish(plan: Plan, groups: LogGroups, leaving: Replica, going: readonly Going[]): Step {
  const { replicas } = plan.replicas;
  const missing = replicas.filter((each) => !isCurrentIn(each, groups.meta.members));
  const lost = missing.filter((each) => going.some(({ replica }) => replica === each));
  const newest = replicas.at(-1);
  const lostNewcomer = going.find(({ replica, mayStay }) => replica === newest && !mayStay);
  if (lostNewcomer && lost.includes(lostNewcomer.replica)) return begin(plan, lostNewcomer);
  const stray = strayIn(plan, groups);
  if (stray) return dismiss(stray, groups, plan);
  const [coming] = missing.filter((each) => !lost.includes(each));
  if (coming) return lagging(coming);
  const old = memberOf(leaving, groups);
  if (old) return dismiss(old, groups, plan);
  const kept = replicas.filter((each) => !lost.includes(each));
  return behindIn(kept, groups) ?? end(plan, leaving);
}

/** A member that is neither wanted nor about to leave: one that came back, or whose move was given up. */
function strayIn({ replicas }: Plan, { meta }: LogGroups): LogMember | undefined {
  const { leaving } = replicas;
  const known = [...replicas.replicas, ...(leaving ? [leaving] : [])];
  return meta.members.find(({ serverName }) => {
    return known.every((each) => each.serverName !== serverName);
  });
}

function memberOf({ serverName }: Replica, { meta, buckets }: LogGroups): LogMember | undefined {
  const all = [meta, ...buckets].flatMap(({ members }) => members);
  return all.find((each) => each.serverName === serverName);
}
