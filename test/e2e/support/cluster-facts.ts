import { etcdctl, kubectl, run, viewOf } from './machines.ts';

/** What must be the same before and after something that should change nothing. */
export interface ClusterFacts {
  readonly clusterId: string | null;
  /** Name and uid of every Node. */
  readonly nodes: string;
  readonly etcdMembers: string;
  readonly caFingerprint: string;
  /** Every assignment and operation of the log, by their revisions. */
  readonly decisions: string;
}

export async function factsFrom(machine: string): Promise<ClusterFacts> {
  const view = await viewOf(machine);
  return {
    clusterId: view.clusterId,
    nodes: await kubectl(
      machine,
      'get',
      'nodes',
      '-o',
      'jsonpath={range .items[*]}{.metadata.name}={.metadata.uid} {end}',
    ),
    etcdMembers: (await etcdctl(machine, 'member', 'list')).stdout,
    caFingerprint: await run(machine, [
      'openssl',
      'x509',
      '-noout',
      '-fingerprint',
      '-in',
      '/etc/kubernetes/pki/ca.crt',
    ]),
    decisions: JSON.stringify(view.decisions),
  };
}
