import { kubectl, run, viewOf } from './machines.ts';

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
    etcdMembers: await run(machine, ['etcdctl', ...ETCD, 'member', 'list']),
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

const PKI = '/etc/kubernetes/pki/etcd';
const ETCD = [
  '--endpoints=https://127.0.0.1:2379',
  `--cacert=${PKI}/ca.crt`,
  `--cert=${PKI}/healthcheck-client.crt`,
  `--key=${PKI}/healthcheck-client.key`,
];
