import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { configurationDigest } from '../../state/configuration-digest.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Rollout } from '../../state/rollout.ts';
import type { WaitReason } from '../../state/status.ts';
import { type PlanIdEntries, planIdOf } from './plan-id.ts';
import { planReconfiguration } from './plan-reconfiguration.ts';
import { planRenewal, type RenewedAt } from './plan-renewal.ts';
import { type Draft, planUpgrade } from './plan-upgrade.ts';
import { planWords, preconditionsOf } from './plan-words.ts';
import { type NodeEntries, upkeptNodes } from './upkept-nodes.ts';

/** What of the log a plan is made from. */
export type PlanEntries = NodeEntries & PlanIdEntries;

/** For whom, and when, a plan is made. */
export interface PlanStamp {
  readonly term: number;
  /** The newest entry of the log that it is made from. */
  readonly revision: number;
  readonly wallMs: number;
}

export type RolloutAnswer =
  /** All is as the spec says. */
  | { readonly type: 'nothing' }
  /** Something is to be done, and nobody can say yet what. */
  | { readonly type: 'wait'; readonly wait: WaitReason }
  | { readonly type: 'planned'; readonly rollout: Rollout };

type Actions = readonly Rollout['action'][];

export const BY_URGENCY: Actions = ['upgrade', 'reconfigure', 'renew-certificates'];

/**
 * What would be done to bring the cluster to a spec, most urgent first: `wanted` as it stands in the
 * log, or as it might. Looks at nodes that live only: who is dead gets a rollout of its own once it is
 * back. Pure, and changes nothing; also the answer to `civitas plan --what-if`.
 */
export function planRollout(
  entries: PlanEntries,
  wanted: Pick<Entry<'spec'>, 'value' | 'revision'>,
  stamp: PlanStamp,
  actions: Actions = BY_URGENCY,
): RolloutAnswer {
  for (const action of actions) {
    const drafted = draftOf(action, entries, wanted.value, stamp.wallMs);
    if (drafted && 'reason' in drafted) return { type: 'wait', wait: drafted };
    if (drafted && drafted.steps.length > 0) {
      return { type: 'planned', rollout: rolloutOf(action, drafted, entries, wanted, stamp) };
    }
  }
  return { type: 'nothing' };
}

function draftOf(
  action: Rollout['action'],
  entries: PlanEntries,
  spec: ClusterSpec,
  wallMs: number,
): Draft | WaitReason | undefined {
  const nodes = upkeptNodes(entries).filter(({ serves }) => serves);
  switch (action) {
    case 'upgrade':
      return planUpgrade(nodes, spec);
    case 'reconfigure':
      return planReconfiguration(nodes, spec);
    case 'renew-certificates':
      return planRenewal(nodes, spec, wallMs, renewedAt(entries));
  }
}

function rolloutOf(
  action: Rollout['action'],
  { releases, steps }: Draft,
  entries: PlanEntries,
  { value, revision: specRevision }: Pick<Entry<'spec'>, 'value' | 'revision'>,
  { term, revision, wallMs }: PlanStamp,
): Rollout {
  const target = releases.at(-1) ?? value.kubernetesVersion;
  const hosts = new Set(steps.map(({ nodeId }) => nodeId)).size;
  return {
    planId: planIdOf(action, target, specRevision, entries),
    term,
    action,
    releases: [...releases],
    configurationDigest:
      action === 'reconfigure' ? configurationDigest(value.kubeadm, 'control-plane') : null,
    steps: [...steps],
    preconditions: [...preconditionsOf(action)],
    ...planWords(action, releases, hosts),
    specRevision,
    revision,
    plannedWallMs: wallMs,
  };
}

/** By the steps that ended well; an upgrade leaves certificates as they are. */
export function renewedAt({ rollouts, progresses }: PlanEntries): RenewedAt {
  const ends = progresses.flatMap(({ key, value }) => {
    const plan = rollouts.find((each) => each.key === key)?.value;
    return value.steps.flatMap(({ index, outcome, endedWallMs }): [NodeId, number][] => {
      const step = plan?.steps[index];
      const isRenewed = step?.task === 'renew-certificates' && outcome === 'done';
      return isRenewed ? [[step.nodeId, endedWallMs ?? 0]] : [];
    });
  });
  return new Map(ends.toSorted(([, left], [, right]) => left - right));
}
