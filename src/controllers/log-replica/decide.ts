import type { ReplicaServerView } from '../../ports/replica-servers.ts';
import type { GenesisRecord, Replica } from '../../state/genesis-record.ts';
import type { NodeId } from '../../state/node-id.ts';

export interface Observed {
  readonly self: NodeId;
  readonly record: GenesisRecord;
  readonly servers: readonly ReplicaServerView[];
}

export type Action =
  | { readonly type: 'start'; readonly replica: Replica; readonly record: GenesisRecord }
  | { readonly type: 'stop'; readonly serverName: string };

/** Stops come first: a replica of an older epoch may hold the ports of its successor. */
export function decide({ self, record, servers }: Observed): readonly Action[] {
  const own = record.replicas.filter(({ nodeId }) => nodeId === self);
  const running = servers.filter((server) => server.running).map(({ serverName }) => serverName);

  const stops = running
    .filter((name) => own.every(({ serverName }) => serverName !== name))
    .map((serverName): Action => ({ type: 'stop', serverName }));
  const starts = own
    .filter(({ serverName }) => !running.includes(serverName))
    .map((replica): Action => ({ type: 'start', replica, record }));
  return [...stops, ...starts];
}
