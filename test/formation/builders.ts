import type { SelfFacts } from '../../src/formation/refusal.ts';
import { clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import type { GenesisRecord } from '../../src/state/genesis-record.ts';
import type { Hello } from '../../src/state/hello.ts';

/** A node id that ends in the number: `aaaaaaaaa` and two letters. */
export function nodeIdOf(number: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  return `aaaaaaaaa${letters[Math.floor(number / 32)]}${letters[number % 32]}`;
}

export const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');

/** The hello of node `number`, which differs from all others in all that must differ. */
export function helloOf(number: number, overrides: Partial<Hello> = {}): Hello {
  return {
    protocol: { min: 1, max: 1 },
    nodeId: nodeIdOf(number),
    incarnation: 1,
    instance: hex(number, 32),
    startedWallMs: 900_000,
    hostname: `n${number}`,
    addresses: [`192.0.2.${number}`],
    peerPort: 7946,
    logPortBase: 7950,
    machineIdHash: hex(number, 64),
    zone: '',
    tokenDigest: hex(0xd, 64),
    formed: null,
    record: null,
    wallMs: 1_000_000,
    peers: [],
    ...overrides,
  };
}

export function selfOf(number: number, overrides: Partial<SelfFacts> = {}): SelfFacts {
  const { nodeId, instance, hostname, machineIdHash, tokenDigest, formed } = helloOf(number);
  return { nodeId, instance, hostname, machineIdHash, tokenDigest, formed, ...overrides };
}

export const spec = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' });

/** What members of that cluster tell of it. */
export function formedOf(clusterNumber: number) {
  const { clusterId, epoch } = recordOf(clusterNumber);
  return { clusterId, epoch };
}

export function recordOf(clusterNumber: number): GenesisRecord {
  const replicas = [1, 2, 3].map((number) => ({
    serverName: `${nodeIdOf(number)}-${number}`,
    nodeId: nodeIdOf(number),
    address: `192.0.2.${number}`,
    clientPort: 7950,
    routePort: 7951,
  }));
  return {
    version: 1,
    clusterId: `00000000-0000-4000-8000-${hex(clusterNumber, 12)}`,
    epoch: 1,
    expectedNodes: 3,
    spec,
    replicas,
    firstControlPlane: nodeIdOf(1),
    enrolmentCa: 'PEM',
  };
}
