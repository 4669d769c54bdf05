import { type GenesisRecord, logName, type Replica } from '../state/genesis-record.ts';

/** What a replica's folder holds. The server is told of nothing else. */
export const REPLICA_FILES = {
  configuration: 'nats.conf',
  certificate: 'replica.pem',
  privateKey: 'replica.key',
  authority: 'ca.pem',
  /** A folder, the server's own. */
  store: 'store',
  /** The genesis record that all of this was made from; only civitas reads it. */
  record: 'genesis-record',
} as const;

export interface ReplicaConfig {
  readonly replica: Replica;
  readonly record: GenesisRecord;
  /** Absolute; holds the files above and the store. */
  readonly folder: string;
  /** Public nkeys, `U…`, of the accounts CIV and SYS. */
  readonly clientKey: string;
  readonly systemKey: string;
  /** Undefined: the service manager keeps what the server prints and knows its process. */
  readonly ownProcess?: { readonly logFile: string; readonly pidFile: string };
}

/**
 * The configuration of one replica. A write is acknowledged when a quorum has it on disk
 * (`sync_interval: always`), clients and routes prove themselves by certificates of the cluster's
 * CA, and the name of the NATS cluster keeps epochs apart: servers of another name are refused.
 * All three routes, its own included: a cold log forms only once all three replicas are there.
 */
export function replicaConfig(config: ReplicaConfig): string {
  const { replica, record, folder, clientKey, systemKey } = config;
  const routes = record.replicas.map(({ address, routePort }) =>
    quoted(`tls://${endpoint(address, routePort)}`),
  );
  return `server_name: ${quoted(replica.serverName)}
listen: ${quoted(endpoint(replica.address, replica.clientPort))}
max_payload: 1MB
ping_interval: "5s"
ping_max: 2
${supervision(config)}${tls(folder)}
jetstream {
  store_dir: ${quoted(`${folder}/${REPLICA_FILES.store}`)}
  max_memory_store: 64MB
  max_file_store: 1GB
  sync_interval: always
  limits { default_max_consumers: -1 }
}
cluster {
  name: ${quoted(logName(record))}
  listen: ${quoted(endpoint(replica.address, replica.routePort))}
  ${tls(folder)}
  routes: [ ${routes.join(', ')} ]
}
accounts {
  SYS { users: [ { nkey: ${systemKey} } ] }
  CIV { jetstream: enabled, users: [ { nkey: ${clientKey} } ] }
}
system_account: SYS
`;
}

/** `address:port` as URLs and the server write it. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function tls(folder: string): string {
  const path = (name: string) => quoted(`${folder}/${name}`);
  const { authority, certificate, privateKey } = REPLICA_FILES;
  return `tls { cert_file: ${path(certificate)}, key_file: ${path(privateKey)}, ca_file: ${path(authority)}, verify: true, min_version: "1.3", timeout: 5 }`;
}

function supervision({ ownProcess }: ReplicaConfig): string {
  if (!ownProcess) return 'logtime: false\n';
  const { logFile, pidFile } = ownProcess;
  return `log_file: ${quoted(logFile)}\nlog_size_limit: 1MB\nlog_max_num: 2\npid_file: ${quoted(pidFile)}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
