import type { Store } from '../ports/store.ts';
import { newestRevision } from '../runtime/newest-revision.ts';
import type { KnownLog } from '../state/known-log.ts';

/** From the local copy, so also while the log does not answer. */
export function knownLogAnswer(store: Pick<Store, 'list' | 'synced'>): KnownLog {
  return {
    revision: newestRevision(store),
    synced: store.synced,
    spec: [...store.list('spec')],
    nodes: [...store.list('node')],
    livenesses: [...store.list('liveness')],
    assignments: [...store.list('assignment')],
    operations: [...store.list('operation')],
    statuses: [...store.list('status')],
    departures: [...store.list('departure')],
    requests: [...store.list('request')],
    plans: [...store.list('plan')],
    approvals: [...store.list('approval')],
    events: [...store.list('event')],
    releases: [...store.list('release')],
    rollouts: [...store.list('rollout')],
    progresses: [...store.list('progress')],
    orders: [...store.list('order')],
    upkeeps: [...store.list('upkeep')],
    drains: [...store.list('drain')],
    surveys: [...store.list('survey')],
    certificates: [...store.list('certificates')],
    drifts: [...store.list('drift')],
    holds: [...store.list('hold')],
    editions: [...store.list('edition')],
    bundles: [...store.list('bundle')],
    wordings: [...store.list('wording')],
  };
}
