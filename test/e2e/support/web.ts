import { webImage } from '../../../lab/build/images.ts';
import { sh } from '../../../lab/machine.ts';
import { run } from './machines.ts';

/** Of each machine's own address. */
export const WEB_PORT = 30_080;

/** A Deployment with a pod on every node, control planes too, and a NodePort service in front. */
export async function deployWeb(machine: string, replicas: number): Promise<void> {
  await run(machine, ['kubectl', 'apply', '-f', '-'], manifest(replicas));
  await run(machine, ['kubectl', 'rollout', 'status', 'deployment/web', '--timeout=90s']);
}

/** True when the service answers on this node with pods of at least three others. */
export async function webAnswers(machine: string): Promise<boolean> {
  const ask = `for i in 1 2 3 4 5 6 7 8 9 10 11 12; do curl -sf -m 3 http://127.0.0.1:${WEB_PORT}/ | head -1; done | sort -u | wc -l`;
  const address = `$(ip -4 -o addr show dev host0 | awk '{print $4}' | cut -d/ -f1)`;
  const { exitCode, stdout } = await sh(machine, ['sh', '-c', ask.replace('127.0.0.1', address)]);
  return exitCode === 0 && Number(stdout) >= 3;
}

function manifest(replicas: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}
      containers:
      - {name: web, image: "${webImage}", imagePullPolicy: Never, ports: [{containerPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080, nodePort: ${WEB_PORT}}]
`;
}
