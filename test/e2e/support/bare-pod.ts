import { webImage } from '../../../lab/build/images.ts';
import { kubectl, run } from './machines.ts';

/** A pod on a given node that nobody makes anew: a drain leaves it alone until its time is over. */
export async function deployBarePod(machine: string, node: string): Promise<void> {
  await run(machine, ['kubectl', 'apply', '-f', '-'], manifest(node));
  await kubectl(machine, 'wait', '--for=condition=Ready', 'pod/bare', '--timeout=9s');
}

function manifest(node: string): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: bare, labels: {app: bare}}
spec:
  nodeName: ${node}
  terminationGracePeriodSeconds: 1
  containers:
  - {name: web, image: "${webImage}", imagePullPolicy: Never, ports: [{containerPort: 8080}]}
`;
}
