import { keepEvent } from '../../runtime/keep-event.ts';
import { newestRevision } from '../../runtime/newest-revision.ts';
import { approvalAskSchema, type Written } from '../../state/local-changes.ts';
import type { Approval } from '../../state/plan.ts';
import { planToApprove } from '../../state/refuse-approval.ts';
import type { ChangePorts } from './change-ports.ts';
import { readBody } from './read-body.ts';

/**
 * Allows the leader to carry a plan out; once allowed, the same answer again. Approvals of plans that
 * are gone go with it. Rejects with `agent.bad-request`, and as `planToApprove` throws.
 */
export async function approve(body: unknown, ports: ChangePorts): Promise<Written> {
  const { planId } = readBody(approvalAskSchema, body);
  const { clock, store } = ports;
  const plan = planToApprove(planId, {
    plans: store.list('plan'),
    nodes: store.list('node'),
    livenesses: store.list('liveness'),
    revision: newestRevision(store),
  });
  const summary = `the plan ${planId} was approved: ${plan.value.summary}`;
  const standing = store.get('approval', planId);
  if (standing) return { revision: standing.revision, summary };

  await removeSettled(ports);
  const reasons = { action: 'approve', summary, guards: [], rejected: [] };
  const about = store.get('node', plan.value.nodeId)?.value ?? null;
  const decided = { controller: 'people', term: null, about, operationId: null, reasons };
  const approval: Approval = { planId, approvedWallMs: Math.round(clock.wallMs()) };
  const revision = await keepEvent(ports, decided, () =>
    store.put('approval', planId, approval, 0),
  );
  return { revision, summary };
}

/** The leader takes plans back, and leaves it to whoever writes approvals to clear theirs. */
async function removeSettled({ store }: ChangePorts): Promise<void> {
  const settled = store.list('approval').filter(({ key }) => store.get('plan', key) === undefined);
  for (const { key, revision } of settled) await store.remove('approval', key, revision);
}
