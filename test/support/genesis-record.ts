import { enrolmentAuthority } from '../../src/adapters/certificates.ts';
import { clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';

export const JOIN_KEY = new Uint8Array(32).fill(7);
const CLUSTER_ID = '0d5ba1ab-0000-4000-8000-000000000000';

const REPLICAS = ['a', 'b', 'c'].map((letter, index): Replica => {
  const nodeId = letter.repeat(11);
  const address = `10.0.0.${index + 1}`;
  return { serverName: `${nodeId}-1`, nodeId, address, clientPort: 4222, routePort: 6222 };
});

/** What genesis decided for three machines that hold JOIN_KEY. */
export function genesisRecord(replicas: readonly Replica[] = REPLICAS): GenesisRecord {
  return {
    version: 1,
    clusterId: CLUSTER_ID,
    epoch: 1,
    expectedNodes: 3,
    spec: clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' }),
    replicas: [...replicas],
    firstControlPlane: 'aaaaaaaaaaa',
    enrolmentCa: enrolmentAuthority(JOIN_KEY, CLUSTER_ID).certificatePem,
  };
}
