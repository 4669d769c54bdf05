import { keepEvent } from '../../runtime/keep-event.ts';
import { newestRevision } from '../../runtime/newest-revision.ts';
import { approvalAskSchema, type Written } from '../../state/local-changes.ts';
import type { Node } from '../../state/node.ts';
import type { Approval } from '../../state/plan.ts';
import { planToApprove } from '../../state/refuse-approval.ts';
import { refuseRolloutApproval } from '../../state/refuse-rollout-approval.ts';
import { isOver } from '../../state/rollout-under-way.ts';
import type { ChangePorts } from './change-ports.ts';
import { readBody } from './read-body.ts';

/** What is approved: its sentence, and the node that it is about; null for the cluster. */
interface Approved {
  readonly summary: string;
  readonly about: Node | null;
}

/**
 * Allows the leader to carry a plan or a rollout out; once allowed, the same answer again. Approvals
 * of what is gone go with it. Rejects with `agent.bad-request`, and as `planToApprove` and
 * `refuseRolloutApproval` throw.
 */
export async function approve(body: unknown, ports: ChangePorts): Promise<Written> {
  const { planId } = readBody(approvalAskSchema, body);
  const { clock, store } = ports;
  const { summary: what, about } = approvedRollout(planId, ports) ?? approvedPlan(planId, ports);
  const summary = `the plan ${planId} was approved: ${what}`;
  const standing = store.get('approval', planId);
  if (standing) return { revision: standing.revision, summary };

  await removeSettled(ports);
  const reasons = { action: 'approve', summary, guards: [], rejected: [] };
  const decided = { controller: 'people', term: null, about, operationId: null, reasons };
  const approval: Approval = { planId, approvedWallMs: Math.round(clock.wallMs()) };
  const revision = await keepEvent(ports, decided, () =>
    store.put('approval', planId, approval, 0),
  );
  return { revision, summary };
}

function approvedRollout(planId: string, { store }: ChangePorts): Approved | undefined {
  const rollout = store.get('rollout', planId);
  if (rollout === undefined) return undefined;
  const entries = { rollouts: store.list('rollout'), progresses: store.list('progress') };
  refuseRolloutApproval(rollout, { ...entries, revision: newestRevision(store) });
  return { summary: rollout.value.summary, about: null };
}

function approvedPlan(planId: string, { store }: ChangePorts): Approved {
  const progresses = store.list('progress');
  const open = store.list('rollout').filter(({ key }) => !isOver(key, { progresses }));
  const { value: plan } = planToApprove(planId, {
    plans: store.list('plan'),
    nodes: store.list('node'),
    livenesses: store.list('liveness'),
    rollouts: open.map(({ key }) => key),
    revision: newestRevision(store),
  });
  return { summary: plan.summary, about: store.get('node', plan.nodeId)?.value ?? null };
}

/** The leader takes plans back, and leaves it to whoever writes approvals to clear theirs. */
async function removeSettled({ store }: ChangePorts): Promise<void> {
  const progresses = store.list('progress');
  const settled = store.list('approval').filter(({ key }) => {
    const isRollout = store.get('rollout', key) !== undefined && !isOver(key, { progresses });
    return store.get('plan', key) === undefined && !isRollout;
  });
  for (const { key, revision } of settled) await store.remove('approval', key, revision);
}
