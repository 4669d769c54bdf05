import type { Random } from '../../ports/random.ts';
import { type Node, nodeSchema } from '../../state/node.ts';
import { randomHex } from '../seeded-random.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const NODE_ID_LENGTH = 11;
const HASH_DIGITS = 64;
const PEER_PORT = 7_946;
const LOG_PORT_BASE = 7_950;

/** What a simulated machine may be told about itself before its first start. */
export type NodeFacts = Partial<
  Pick<Node, 'nodeId' | 'sealKey' | 'zone' | 'labels' | 'capacity' | 'hostname' | 'machineIdHash'>
>;

/** The record with which machine number `number` enrols; an emptied disk gives it another node id. */
export function nodeRecord(number: number, random: Random, facts: NodeFacts = {}): Node {
  return nodeSchema.parse({
    nodeId: Array.from(random.bytes(NODE_ID_LENGTH), (byte) => BASE32[byte % 32]).join(''),
    incarnation: 1,
    hostname: `n${number}`,
    addresses: [addressOf(number)],
    peerPort: PEER_PORT,
    logPortBase: LOG_PORT_BASE,
    machineIdHash: randomHex(random, HASH_DIGITS),
    zone: '',
    labels: {},
    sealKey: randomHex(random, 44),
    capacity: { cpus: 2, memoryMiB: 4_096, fsyncP99Ms: 1 },
    agentVersion: '0.1.0',
    ...facts,
  });
}

function addressOf(number: number): string {
  return `10.88.${Math.floor(number / 250)}.${(number % 250) + 1}`;
}
