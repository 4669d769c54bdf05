import type { WrittenObject } from '../../state/object-writers.ts';
import { servedCluster } from '../api-access.ts';
import { settle } from '../settle.ts';
import type { SimulatedCluster, SimulatedObject } from '../simulated-cluster.ts';
import { hostNamed, record, type WorldState } from '../world-state.ts';
import { type BudgetSpec, completeWorkload, type WorkloadSpec, workloadKey } from './workload.ts';

const BUDGETS = { group: 'policy', resource: 'poddisruptionbudgets', served: ['v1'] } as const;

/** `kubectl apply` of a workload, at the API server of this host. Throws when it serves none. */
export function applyWorkload(world: WorldState, hostname: string, spec: WorkloadSpec): void {
  const workload = completeWorkload(spec);
  clusterAt(world, hostname).workloads.set(workloadKey(workload), workload);
  record(world, hostname, 'workload.applied', workloadKey(workload));
  settle(world);
}

/** `kubectl apply` of a PodDisruptionBudget. */
export function applyBudget(world: WorldState, hostname: string, budget: BudgetSpec): void {
  const key = `${budget.namespace}/${budget.name}`;
  const cluster = clusterAt(world, hostname);
  cluster.budgets.set(key, { ...budget, grantedMs: [] });
  keepManifest(cluster, { ...BUDGETS, object: appliedAs('policy/v1', budget, world) });
  record(world, hostname, 'budget.applied', key);
  settle(world);
}

/** What the API servers tell of an object that `kubectl apply` wrote. */
function appliedAs(
  apiVersion: string,
  { namespace, name }: Pick<BudgetSpec, 'namespace' | 'name'>,
  { clock }: WorldState,
): WrittenObject {
  const manager = 'kubectl-client-side-apply';
  const writers = [{ manager, apiVersion, wroteWallMs: clock.wallMs() }];
  return { namespace, name, writers, appliedApiVersion: apiVersion };
}

function keepManifest({ stored }: SimulatedCluster, applied: SimulatedObject): void {
  const { namespace, name } = applied.object;
  const index = stored.findIndex(
    ({ resource, object }) =>
      resource === applied.resource && object.namespace === namespace && object.name === name,
  );
  stored.splice(index === -1 ? stored.length : index, 1, applied);
}

function clusterAt(world: WorldState, hostname: string): SimulatedCluster {
  const cluster = servedCluster(world, hostNamed(world, hostname));
  if (cluster) return cluster;
  throw new Error(`simulation: no API server of ${hostname} answers`);
}
