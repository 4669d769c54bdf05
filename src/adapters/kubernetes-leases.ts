import { z } from 'zod';
import type { KubeNodeLease } from '../ports/kube-objects.ts';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, parsed } from './kubernetes-api.ts';
import { listAll } from './kubernetes-list.ts';

const NAMESPACES = '/apis/coordination.k8s.io/v1/namespaces';
const OF_NODES = `${NAMESPACES}/kube-node-lease/leases`;
/** The default of its flag `--leader-elect-resource-name`, which kubeadm leaves alone. */
const OF_CONTROLLER_MANAGER = `${NAMESPACES}/kube-system/leases/kube-controller-manager`;

const leaseSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ renewTime: z.string().optional() }).prefault({}),
});

export async function listNodeLeases(
  credentials: KubeCredentials,
): Promise<readonly KubeNodeLease[]> {
  const leases = await listAll(credentials, OF_NODES, leaseSchema);
  return leases.flatMap(({ metadata, spec: { renewTime } }) =>
    renewTime === undefined ? [] : [{ node: metadata.name, renewedWallMs: Date.parse(renewTime) }],
  );
}

export async function readControllerManagerRenewal(
  credentials: KubeCredentials,
): Promise<number | undefined> {
  const answer = await callKube(credentials, 'GET', OF_CONTROLLER_MANAGER, { foreseen: [404] });
  if (answer.status === 404) return undefined;
  const { renewTime } = parsed(leaseSchema, answer).spec;
  return renewTime === undefined ? undefined : Date.parse(renewTime);
}
