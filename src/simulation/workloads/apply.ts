import { servedCluster } from '../api-access.ts';
import { settle } from '../settle.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { hostNamed, record, type WorldState } from '../world-state.ts';
import { type BudgetSpec, completeWorkload, type WorkloadSpec, workloadKey } from './workload.ts';

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
  clusterAt(world, hostname).budgets.set(key, { ...budget, grantedMs: [] });
  record(world, hostname, 'budget.applied', key);
  settle(world);
}

function clusterAt(world: WorldState, hostname: string): SimulatedCluster {
  const cluster = servedCluster(world, hostNamed(world, hostname));
  if (cluster) return cluster;
  throw new Error(`simulation: no API server of ${hostname} answers`);
}
