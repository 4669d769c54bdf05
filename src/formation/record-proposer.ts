import type { Crypto } from '../ports/crypto.ts';
import type { Random } from '../ports/random.ts';
import type { ClusterSpec } from '../state/cluster-spec.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { Hello } from '../state/hello.ts';
import type { Candidacy } from './genesis/config.ts';
import type { Knowledge } from './knowledge.ts';
import { type LogHost, proposeRecord, type RecordFacts } from './propose-record.ts';

export interface RecordProposerDeps {
  readonly crypto: Crypto;
  readonly random: Random;
  readonly self: Omit<LogHost, 'address'> & Pick<Hello, 'addresses'>;
  readonly expectedNodes: number;
  readonly spec: ClusterSpec;
  /** Whose log never came up: the same cluster is founded anew; null: a new cluster. */
  readonly before: GenesisRecord | null;
  knowledge(): Knowledge;
}

/** Founds a log on this node and the others that answer, those that just voted first. */
export function recordProposer(deps: RecordProposerDeps): (candidacy: Candidacy) => GenesisRecord {
  const { self, before } = deps;
  return ({ promised, reachable }) => {
    const { peers } = deps.knowledge();
    const others = [...new Set([...promised, ...reachable])]
      .filter((nodeId) => nodeId !== self.nodeId)
      .flatMap((nodeId) => peers.get(nodeId)?.hello ?? []);
    const hosts = [logHost(self), ...others.map(logHost)] as const;
    return proposeRecord({ ...(before ? sameCluster(before) : newCluster(deps)), hosts });
  };
}

type ClusterFacts = Omit<RecordFacts, 'hosts'>;

function newCluster({ crypto, random, expectedNodes, spec }: RecordProposerDeps): ClusterFacts {
  const clusterId = randomUuid(random);
  const enrolmentCa = crypto.enrolmentCa(clusterId);
  return { clusterId, epoch: 1, expectedNodes, spec, enrolmentCa };
}

/** Nothing was ever written to that log, so the spec is still the first one. */
function sameCluster(before: GenesisRecord): ClusterFacts {
  const { clusterId, epoch, expectedNodes, spec, enrolmentCa } = before;
  return { clusterId, epoch: epoch + 1, expectedNodes, spec, enrolmentCa };
}

function logHost({ nodeId, addresses, logPortBase, zone }: RecordProposerDeps['self']): LogHost {
  return { nodeId, address: addresses[0] ?? '', logPortBase, zone };
}

/** RFC 9562, version 4. */
function randomUuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
