import { parse } from 'yaml';
import { z } from 'zod';
import { RetryableError } from '../../errors.ts';
import type { EtcdHealth } from '../../ports/etcd.ts';
import type { Ports } from '../../ports/index.ts';
import type { Kube } from '../../ports/kube.ts';
import type { KubeNodeMarks, KubePod } from '../../ports/kube-objects.ts';
import { observeStored } from './observe-stored.ts';
import type { ClusterSight, NodeView } from './observed.ts';

const fieldsSchema = z.record(z.string(), z.unknown());

/** Kubernetes and etcd as they are now. Nothing of it is changed. */
export async function observeCluster(
  release: string,
  nodes: readonly NodeView[],
  { etcd, kube }: Ports,
): Promise<ClusterSight | { readonly unseen: string }> {
  try {
    const health = await known(etcd.health());
    const drained = nodes.filter(({ drains }) => drains).map(({ hostname }) => hostname);
    const stored = await observeStored(release, nodes, kube);
    return { ...(await observeKubernetes(drained, kube)), stored, health };
  } catch (error) {
    if (!isCode(error, 'kube.unreachable')) throw error;
    return { unseen: error.message };
  }
}

async function observeKubernetes(
  drained: readonly string[],
  kube: Kube,
): Promise<Omit<ClusterSight, 'health' | 'stored'>> {
  const marks = new Map<string, KubeNodeMarks>();
  const pods = new Map<string, readonly KubePod[]>();
  for (const name of drained) {
    const found = await kube.nodeMarks(name);
    if (found) marks.set(name, found);
    pods.set(name, await kube.podsOn(name));
  }
  return {
    nodes: await kube.nodes(),
    leases: await kube.nodeLeases(),
    budgets: await kube.disruptionBudgets(),
    marks,
    pods,
    deprecatedApis: await kube.deprecatedApisInUse(),
    clusterConfiguration: await clusterConfiguration(kube),
  };
}

async function clusterConfiguration(kube: Kube): Promise<Readonly<Record<string, unknown>>> {
  const text = (await kube.configMap('kubeadm-config'))?.data['ClusterConfiguration'];
  return fieldsSchema.catch({}).parse(parse(text ?? '{}'));
}

async function known(health: Promise<EtcdHealth | undefined>): Promise<EtcdHealth | undefined> {
  try {
    return await health;
  } catch (error) {
    if (isCode(error, 'etcd.unreachable')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): error is RetryableError {
  return error instanceof RetryableError && error.code === code;
}
