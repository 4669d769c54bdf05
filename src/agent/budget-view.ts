import type { Store } from '../ports/store.ts';
import { type FailureBudget, failureBudget } from '../state/failure-budget.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import { logReplicas } from './log-replicas.ts';
import { type Heard, presentLivenesses } from './present-livenesses.ts';

interface BudgetFacts extends Heard {
  readonly formation: { readonly record: GenesisRecord | null };
  readonly store: Pick<Store, 'get' | 'list'> | undefined;
}

/** What may be lost now, as one agent knows it. A log that confirms nothing is frozen, whoever is heard. */
export function budgetView(facts: BudgetFacts): FailureBudget | null {
  const { formation, store, logProblem } = facts;
  if (!store || !formation.record) return null;
  const nodes = store.list('node');
  const budget = failureBudget({
    nodes,
    livenesses: presentLivenesses({ nodes, livenesses: store.list('liveness') }, facts),
    statuses: store.list('status'),
    assignments: store.list('assignment'),
    departures: store.list('departure'),
    requests: store.list('request'),
    replicas: logReplicas(formation.record, store),
  });
  return budget && { ...budget, frozen: budget.frozen || logProblem !== undefined };
}
