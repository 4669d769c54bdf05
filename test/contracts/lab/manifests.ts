import { webImage } from '../../../lab/build/images.ts';
import type { ContractBudget, ContractWorkload } from '../contract-bench.ts';

/** A workload of the lab's own web server, which ends at once when told to. */
export function workloadManifest({ kind, name, replicas, emptyDir }: ContractWorkload): string {
  const counted = kind === 'DaemonSet' ? '' : `\n  replicas: ${replicas}`;
  const service = kind === 'StatefulSet' ? `\n  serviceName: ${name}` : '';
  const volumes = emptyDir ? '\n      volumes: [{name: data, emptyDir: {}}]' : '';
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}${counted}${service}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 1${volumes}
      containers:
      - {name: web, image: "${webImage}", imagePullPolicy: Never}
`;
}

export function budgetManifest({ name, minAvailable }: ContractBudget): string {
  return `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ${name}}
spec:
  minAvailable: ${minAvailable}
  selector: {matchLabels: {app: ${name}}}
`;
}
