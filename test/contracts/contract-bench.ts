import type { Clock } from '../../src/ports/clock.ts';
import type { HostPorts } from '../../src/ports/index.ts';

/** A machine as the contract sees it: simulated, or one of the lab. */
export interface ContractHost {
  readonly name: string;
  readonly address: string;
  readonly ports: HostPorts;
}

/** What a contract runs on. */
export interface ContractBench {
  readonly kubernetesVersion: string;
  readonly clock: Clock;
  readonly hosts: readonly ContractHost[];
  /** Documents for kubelet and kube-proxy that suit the machines. */
  readonly componentConfigs: string;
  readonly room: ContractRoom;
}

/** What people do to machines and clusters, which no port offers. */
export interface ContractRoom {
  powerCut(host: ContractHost): Promise<void>;
  /** Resolves once its ports answer. */
  boot(host: ContractHost): Promise<void>;
  /** `kubectl apply` on this host, which is a control plane. */
  apply(host: ContractHost, workload: ContractWorkload): Promise<void>;
  applyBudget(host: ContractHost, budget: ContractBudget): Promise<void>;
  /** Where a program of this version of Kubernetes lies on every machine. */
  program(name: 'kubeadm', kubernetesVersion: string): string;
}

/** In the namespace `default`, with the label `app: <name>`; none of it on control planes. */
export interface ContractWorkload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly name: string;
  readonly replicas: number;
  readonly emptyDir: boolean;
}

/** For the workload of that name. */
export interface ContractBudget {
  readonly name: string;
  readonly minAvailable: number;
}
