import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Random } from '../../src/ports/random.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';
import type { Node } from '../../src/state/node.ts';

export type SpecOverrides = Partial<Pick<ClusterSpec, 'controlPlanes' | 'size' | 'zones'>>;

const CLUSTER_ID = '2f4c7f52-6a0e-4d39-9d0c-6f6a1a2b3c4d';
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const NODE_ID_LENGTH = 11;
const KEY_BYTES = 32;
/** DER of a PrivateKeyInfo up to the 32 bytes of the key (RFC 8410, X25519). */
const X25519_PRIVATE = Buffer.from('302e020100300506032b656e04220420', 'hex');
const REPLICAS = 3;

/** What a machine was given before its agent first ran. */
export interface Identity {
  readonly node: Node;
  readonly sealKey: KeyObject;
}

export function createIdentity(number: number, random: Random): Identity {
  const der = Buffer.concat([X25519_PRIVATE, random.bytes(KEY_BYTES)]);
  const sealKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicDer = createPublicKey(sealKey).export({ format: 'der', type: 'spki' });
  const node: Node = {
    nodeId: Array.from(random.bytes(NODE_ID_LENGTH), (byte) => BASE32[byte % 32]).join(''),
    incarnation: 1,
    hostname: `n${number}`,
    addresses: [`10.88.0.${number}`],
    peerPort: 7946,
    machineIdHash: Buffer.from(random.bytes(KEY_BYTES)).toString('hex'),
    zone: '',
    labels: {},
    sealKey: publicDer.subarray(-KEY_BYTES).toString('base64'),
    capacity: { cpus: 2, memoryMiB: 4_096, fsyncP99Ms: 1 },
    agentVersion: '0.1.0',
  };
  return { node, sealKey };
}

/** What genesis decides among these machines. */
export function genesisAmong(
  nodes: readonly Node[],
  random: Random,
  overrides: SpecOverrides,
): GenesisRecord {
  const first = nodes[Math.floor(random.number() * nodes.length)];
  if (!first) throw new RangeError('a cluster needs at least one machine');
  return {
    version: 1,
    clusterId: CLUSTER_ID,
    epoch: 1,
    expectedNodes: nodes.length,
    spec: clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4', ...overrides }),
    replicas: Array.from({ length: REPLICAS }, (_, index) => replica(nodes, index)),
    firstControlPlane: first.nodeId,
    enrolmentCa: '',
  };
}

/** On three machines where there are three, else sharing them. */
function replica(nodes: readonly Node[], index: number): Replica {
  const node = nodes[index % nodes.length] as Node;
  return {
    serverName: `${node.nodeId}-${index + 1}`,
    nodeId: node.nodeId,
    address: node.addresses[0] ?? '',
    clientPort: 7_950 + 2 * index,
    routePort: 7_951 + 2 * index,
  };
}
