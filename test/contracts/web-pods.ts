import type { KubePod } from '../../src/ports/kube-objects.ts';
import { buildCluster, until } from './cluster-by-hand.ts';
import type { ContractBench, ContractHost } from './contract-bench.ts';
import { at } from './host-scenario.ts';

const WEB = { kind: 'Deployment', name: 'web', replicas: 3, emptyDir: true } as const;

/** One control plane, two workers, and three replicas of a Deployment that are ready on them. */
export async function clusterWithWeb(bench: ContractBench): Promise<ContractHost> {
  await buildCluster(bench, 1);
  const first = at(bench, 0);
  await bench.room.apply(first, WEB);
  await until(bench, async () => ((await readyWeb(bench, first)) === 3 ? true : undefined));
  return first;
}

export async function readyWeb(bench: ContractBench, { ports }: ContractHost): Promise<number> {
  const pods = await podsNamed({ ports }, 'web', names(bench));
  return pods.filter(({ ready, terminating }) => ready && !terminating).length;
}

export async function busiest(bench: ContractBench, first: ContractHost): Promise<string> {
  const counts = await Promise.all(
    names(bench).map(async (name) => ({
      name,
      count: (await podsNamed(first, 'web', [name])).length,
    })),
  );
  return counts.toSorted((a, b) => b.count - a.count)[0]?.name ?? '';
}

export async function podsNamed(
  { ports }: Pick<ContractHost, 'ports'>,
  prefix: string,
  nodes: readonly string[],
): Promise<readonly KubePod[]> {
  const listed = await Promise.all(nodes.map((node) => ports.kube.podsOn(node)));
  return listed.flat().filter(({ name }) => name.startsWith(`${prefix}-`));
}

export async function onlyReady(host: ContractHost, prefix: string, node: string) {
  return (await podsNamed(host, prefix, [node])).find(({ ready }) => ready);
}

export function names({ hosts }: ContractBench): readonly string[] {
  return hosts.map(({ name }) => name);
}
