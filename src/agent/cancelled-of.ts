import { cancelledBefore } from '../controllers/upkeep/cancelled-before.ts';
import { planRollout } from '../controllers/upkeep/plan-rollout.ts';
import type { Store } from '../ports/store.ts';
import { newestRevision } from '../runtime/newest-revision.ts';
import type { AgentView, NodeView } from '../state/agent-view.ts';
import { SINGLETON } from '../state/kinds.ts';
import { logEntries } from '../state/node-facts.ts';

/** Certificates are renewed without a word of the spec, and by the clock. */
const BY_SPEC = ['upgrade', 'reconfigure'] as const;

/** The rollout that the spec still asks for and people cancelled; null when there is none. */
export function cancelledOf(
  store: Pick<Store, 'get' | 'list'>,
  nodes: readonly NodeView[],
): AgentView['cancelled'] {
  const spec = store.get('spec', SINGLETON);
  const holds = store.list('hold');
  // Nothing is planned for a status while nobody cancelled anything.
  if (!spec || !holds.some(({ value }) => value.word === 'cancel')) return null;
  const entries = {
    ...logEntries(store),
    rollouts: store.list('rollout'),
    certificates: store.list('certificates'),
    progresses: store.list('progress'),
    holds,
    approvals: store.list('approval'),
  };
  const stamp = { term: 1, revision: newestRevision(store), wallMs: 0 };
  const answer = planRollout(entries, spec, stamp, BY_SPEC);
  if (answer.type !== 'planned') return null;
  const before = cancelledBefore(answer.rollout, entries, spec.revision);
  if (!before) return null;
  const { planId, action } = before.value;
  return { planId, action, runs: releasesOf(nodes), wants: spec.value.kubernetesVersion };
}

/** Each once, as nodes told them last. */
function releasesOf(nodes: readonly NodeView[]): string[] {
  const told = nodes.flatMap(({ kubeletVersion, parts }) => [
    kubeletVersion ?? [],
    parts?.apiServer ?? [],
  ]);
  return [...new Set(told.flat())].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
