import { openJetStreamLog } from '../adapters/jetstream-log.ts';
import { logCredentials } from '../adapters/nats-credentials.ts';
import { createNatsLogPeers } from '../adapters/nats-log-peers.ts';
import { createX25519Sealer } from '../adapters/x25519-sealer.ts';
import { becomeMember, type Member } from '../engine/membership.ts';
import type { LogConnection } from '../ports/log-connection.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { Foundations } from './foundations.ts';
import type { HostSide } from './host-side.ts';
import type { Meeting } from './meeting.ts';

/** A member of the cluster over this machine's own log connection, host and keys. */
export function memberOf(base: Foundations, { formation, peers }: Meeting, host: HostSide): Member {
  const { clock, durable, identity, log, random, self, token } = base;
  return becomeMember({
    formation,
    peers,
    ports: {
      ...host.ports,
      clock,
      durable,
      log,
      logPeers: createNatsLogPeers(token.joinKey, self.nodeId),
      random,
      replicaServers: host.replicaServers,
      sealer: createX25519Sealer(identity.sealPrivateKey),
      self: { nodeId: self.nodeId, incarnation: self.incarnation, record: self },
    },
    openLog: (record) => openLog(base, record),
  });
}

function openLog({ clock, random, log, self, token }: Foundations, record: GenesisRecord) {
  const credentials = logCredentials(token.joinKey, record, self.nodeId, 'client');
  const options = { name: self.nodeId, record, credentials, clock, random, log };
  return openJetStreamLog(options) satisfies LogConnection;
}
