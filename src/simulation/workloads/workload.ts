import type { LabelSelector } from '../../state/label-selector.ts';

/** What keeps pods: a Deployment, StatefulSet or DaemonSet, with what of it matters to a node. */
export interface SimulatedWorkload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
  /** A DaemonSet has one on every node instead. */
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly emptyDir: boolean;
  /** Each pod has a volume of its own that must be attached to its node. */
  readonly volume: boolean;
  /** Also runs on control planes. */
  readonly toleratesControlPlane: boolean;
  readonly image: string;
}

export interface SimulatedBudget {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  readonly minAvailable: number;
  /** When disruptions were granted that did not come about. */
  readonly grantedMs: number[];
}

export type BudgetSpec = Omit<SimulatedBudget, 'grantedMs'>;

export type WorkloadSpec = Pick<SimulatedWorkload, 'kind' | 'name'> & Partial<SimulatedWorkload>;

/** With everything that was not said: one replica in `default`, labelled with its name. */
export function completeWorkload(spec: WorkloadSpec): SimulatedWorkload {
  return {
    namespace: 'default',
    replicas: 1,
    labels: { app: spec.name },
    emptyDir: false,
    volume: false,
    toleratesControlPlane: spec.kind === 'DaemonSet',
    image: `registry.local/${spec.name}:1`,
    ...spec,
  };
}

export function workloadKey({ kind, namespace, name }: SimulatedWorkload): string {
  return `${kind} ${namespace}/${name}`;
}
