import type { GenesisRecord } from '../state/genesis-record.ts';
import type { NodeId } from '../state/node-id.ts';
import { enrolmentAuthority, issueLeaf, JOIN_VALIDITY } from './certificates.ts';
import type { LogCredentials } from './nats-client-options.ts';
import { deriveLogUsers, type LogUsers } from './nats-keys.ts';

/**
 * What a node shows to the replicas of its cluster's log, as a client (entries and leases) or to ask
 * the servers about themselves (system). A new certificate and key, only in memory.
 */
export function logCredentials(
  joinKey: Uint8Array,
  { clusterId }: Pick<GenesisRecord, 'clusterId'>,
  nodeId: NodeId,
  account: keyof LogUsers,
): LogCredentials {
  const authority = enrolmentAuthority(joinKey, clusterId);
  const { certificatePem, keyPem } = issueLeaf(authority, {
    nodeId,
    addresses: [],
    ...JOIN_VALIDITY,
  });
  const user = deriveLogUsers(joinKey, clusterId)[account];
  return { certificatePem, keyPem, authorityPem: authority.certificatePem, user };
}
