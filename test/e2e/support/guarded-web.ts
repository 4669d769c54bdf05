import { webImage } from '../../../lab/build/images.ts';
import { address } from '../../../lab/machine-name.ts';
import { run } from './machines.ts';

const NODE_PORT = 30_081;

/**
 * A Deployment of which a budget lets one pod go at a time, and a NodePort service in front. A pod that
 * is to end serves until nobody sends to it any more.
 */
export async function deployGuardedWeb(machine: string, replicas: number): Promise<void> {
  await run(machine, ['kubectl', 'apply', '-f', '-'], manifest(replicas));
  await run(machine, ['kubectl', 'rollout', 'status', 'deployment/guarded', '--timeout=90s']);
}

/** Where the service answers on this node, with a pod of any. */
export function guardedWebUrl(machine: string): string {
  return `http://${address(machine)}:${NODE_PORT}/`;
}

function manifest(replicas: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: guarded}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: guarded}}
  template:
    metadata: {labels: {app: guarded}}
    spec:
      terminationGracePeriodSeconds: 10
      tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: guarded}}}
      containers:
      - name: web
        image: "${webImage}"
        imagePullPolicy: Never
        ports: [{containerPort: 8080}]
        readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        lifecycle: {preStop: {sleep: {seconds: 4}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: guarded}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: guarded}}
---
apiVersion: v1
kind: Service
metadata: {name: guarded}
spec:
  type: NodePort
  selector: {app: guarded}
  ports: [{port: 80, targetPort: 8080, nodePort: ${NODE_PORT}}]
`;
}
