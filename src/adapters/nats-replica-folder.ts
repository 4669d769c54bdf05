import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { HostFiles } from '../ports/host-files.ts';
import type { ReplicaRemains } from '../ports/replica-servers.ts';
import { type GenesisRecord, genesisRecordSchema, type Replica } from '../state/genesis-record.ts';
import { type Authority, enrolmentAuthority, issueLeaf, JOIN_VALIDITY } from './certificates.ts';
import { REPLICA_FILES, replicaConfig } from './nats-config.ts';
import { deriveLogUsers } from './nats-keys.ts';
import { remainsOf } from './nats-replica-remains.ts';

const SECRET_MODE = 0o600;

/** How a way to run replicas differs from another in what the server is told. */
export interface ReplicaFolderOptions {
  readonly files: HostFiles;
  readonly joinKey: Uint8Array;
  /** Holds one folder for each replica. */
  readonly root: string;
  /** Undefined: the service manager keeps what the server prints and knows its process. */
  readonly ownProcess?: { readonly logFile: string; readonly pidFile: string };
}

/** The folder of one replica, by its server name. */
export function replicaFolder(root: string, serverName: string): string {
  return `${root}/${serverName}`;
}

/** Absolute path of what the server is started with. */
export function configurationPath(root: string, serverName: string): string {
  return `${replicaFolder(root, serverName)}/${REPLICA_FILES.configuration}`;
}

/**
 * Brings a replica's folder there; true when anything had to be written of what the server reads,
 * such as a file that was damaged. Certificate and key are made once: they hold as long as the CA, because a clock that went wrong must not cut a machine
 * off the log, and because whoever could use them for longer holds the join key anyway.
 */
export async function writeReplicaFolder(
  options: ReplicaFolderOptions,
  replica: Replica,
  record: GenesisRecord,
): Promise<boolean> {
  const { files, joinKey, root, ownProcess } = options;
  const folder = replicaFolder(root, replica.serverName);
  const { client, system } = deriveLogUsers(joinKey, record.clusterId);
  const authority = enrolmentAuthority(joinKey, record.clusterId);
  const configuration = replicaConfig({
    replica,
    record,
    folder,
    clientKey: client.publicKey,
    systemKey: system.publicKey,
    ...(ownProcess && { ownProcess }),
  });
  const writeIfOther = async (name: string, content: string) => {
    if ((await files.read(`${folder}/${name}`)) === content) return false;
    await files.write(`${folder}/${name}`, content, SECRET_MODE);
    return true;
  };
  await writeIfOther(REPLICA_FILES.record, JSON.stringify(record));
  return [
    await writeIfOther(REPLICA_FILES.authority, authority.certificatePem),
    await writeLeafUnlessGood(files, folder, replica, authority),
    await writeIfOther(REPLICA_FILES.configuration, configuration),
  ].includes(true);
}

/** The replica of that name and the record it was made from, as its folder tells; undefined when not. */
export async function readReplicaFolder(
  files: HostFiles,
  root: string,
  serverName: string,
): Promise<readonly [Replica, GenesisRecord] | undefined> {
  const text = await files.read(`${replicaFolder(root, serverName)}/${REPLICA_FILES.record}`);
  const record = parseRecord(text ?? '');
  const replica = record?.replicas.find((each) => each.serverName === serverName);
  return record && replica && [replica, record];
}

/** Whether the server was last started to listen at another address than the replica is to have. */
export async function listensElsewhere(
  files: HostFiles,
  root: string,
  { serverName, address }: Replica,
): Promise<boolean> {
  const found = await readReplicaFolder(files, root, serverName);
  return found !== undefined && found[0].address !== address;
}

function parseRecord(text: string): GenesisRecord | undefined {
  try {
    return genesisRecordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // damaged: it is written anew at the next start
  }
}

/**
 * For a replica that was stopped: takes away what it is started from, so that whatever a power cut
 * makes of its unit, neither service manager nor agent can start it, and tells what it left.
 */
export async function retireReplicaFolder(
  files: HostFiles,
  root: string,
  serverName: string,
): Promise<ReplicaRemains> {
  const folder = replicaFolder(root, serverName);
  await files.remove(`${folder}/${REPLICA_FILES.record}`);
  await files.remove(configurationPath(root, serverName));
  return remainsOf(folder);
}

async function writeLeafUnlessGood(
  files: HostFiles,
  folder: string,
  replica: Replica,
  authority: Authority,
): Promise<boolean> {
  const certificatePath = `${folder}/${REPLICA_FILES.certificate}`;
  const keyPath = `${folder}/${REPLICA_FILES.privateKey}`;
  const [certificate, key] = [await files.read(certificatePath), await files.read(keyPath)];
  if (isGoodPair(certificate, key, replica, authority)) return false;

  const { nodeId, address } = replica;
  const leaf = issueLeaf(authority, { nodeId, addresses: [address], ...JOIN_VALIDITY });
  // The certificate comes last: where there is one, its key is there, too.
  await files.remove(certificatePath);
  await files.write(keyPath, leaf.keyPem, SECRET_MODE);
  await files.write(certificatePath, leaf.certificatePem, SECRET_MODE);
  return true;
}

/** True when they are what was issued once, to the letter: readers of PEM differ in what they forgive. */
function isGoodPair(
  certificatePem = '',
  keyPem = '',
  { nodeId, address }: Replica,
  authority: Authority,
): boolean {
  try {
    const certificate = new X509Certificate(certificatePem);
    const key = createPrivateKey(keyPem);
    const issuer = new X509Certificate(authority.certificatePem);
    const names = certificate.subjectAltName?.split(', ') ?? [];
    return (
      certificate.toString() === certificatePem &&
      key.export({ type: 'pkcs8', format: 'pem' }) === keyPem &&
      certificate.verify(issuer.publicKey) &&
      certificate.validTo === issuer.validTo &&
      certificate.checkPrivateKey(key) &&
      names.includes(`DNS:${nodeId}`) &&
      certificate.checkIP(address) !== undefined
    );
  } catch {
    return false; // not there, or no certificate and key at all
  }
}
