import { webImage } from '../../../lab/build/images.ts';
import { kubectl, run } from './machines.ts';

/** A workload of one pod on a given node, of which its budget never lets go. */
export async function deployStuckBudget(machine: string, node: string): Promise<void> {
  await run(machine, ['kubectl', 'apply', '-f', '-'], manifest(node));
  await kubectl(machine, 'wait', '--for=condition=Available', 'deployment/stuck', '--timeout=9s');
}

export async function removeStuckBudget(machine: string): Promise<void> {
  await kubectl(machine, 'delete', 'poddisruptionbudget', 'stuck');
}

function manifest(node: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: stuck}
spec:
  replicas: 1
  selector: {matchLabels: {app: stuck}}
  template:
    metadata: {labels: {app: stuck}}
    spec:
      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - {weight: 100, preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [${node}]}]}}
      containers:
      - {name: web, image: "${webImage}", imagePullPolicy: Never, ports: [{containerPort: 8080}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: stuck}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: stuck}}
`;
}
