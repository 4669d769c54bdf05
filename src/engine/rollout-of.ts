import type { Store } from '../ports/store.ts';
import { type RolloutSummary, rolloutSummary } from '../state/rollout-summary.ts';

/** The rollout under way, as the local copy of the log has it; null when there is none. */
export function rolloutOf(store: Pick<Store, 'list'>): RolloutSummary | null {
  return rolloutSummary({
    spec: store.list('spec'),
    rollouts: store.list('rollout'),
    progresses: store.list('progress'),
    holds: store.list('hold'),
    approvals: store.list('approval'),
    orders: store.list('order'),
    upkeeps: store.list('upkeep'),
    certificates: store.list('certificates'),
    drains: store.list('drain'),
  });
}
