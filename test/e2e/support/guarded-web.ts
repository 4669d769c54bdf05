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

/**
 * Resolves once the service answered ten times in a row, as asked from a machine: a node has rules for it a
 * moment after the first pods are Ready, and refuses requests until then.
 */
export async function untilGuardedWebAnswers(machine: string, url: string): Promise<void> {
  const ask = `curl --silent --fail --max-time 3 --output /dev/null ${url}`;
  const row = `if ${ask}; then row=$((row + 1)); else row=0; fi; [ $row -ge 10 ] && exit 0`;
  await run(machine, ['sh', '-c', `for _ in $(seq 300); do ${row}; sleep 0.2; done; exit 1`]);
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
