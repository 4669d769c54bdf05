import { X509Certificate } from 'node:crypto';
import type { HostFiles } from '../ports/host-files.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import { type Authority, enrolmentAuthority, issueLeaf, JOIN_VALIDITY } from './certificates.ts';
import { REPLICA_FILES, replicaConfig } from './nats-config.ts';
import { deriveLogUsers } from './nats-keys.ts';

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
 * Brings a replica's folder there; true when anything had to be written. Certificate and key are
 * made once: they hold as long as the CA, because a clock that went wrong must not cut a machine
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
  return [
    await writeIfOther(REPLICA_FILES.authority, authority.certificatePem),
    await writeLeafUnlessGood(files, folder, replica, authority),
    await writeIfOther(REPLICA_FILES.configuration, configuration),
  ].includes(true);
}

async function writeLeafUnlessGood(
  files: HostFiles,
  folder: string,
  replica: Replica,
  authority: Authority,
): Promise<boolean> {
  const certificatePath = `${folder}/${REPLICA_FILES.certificate}`;
  const keyPath = `${folder}/${REPLICA_FILES.privateKey}`;
  const certificate = await files.read(certificatePath);
  const hasKey = (await files.read(keyPath)) !== undefined;
  if (hasKey && certificate !== undefined && isGood(certificate, replica, authority)) return false;

  const { nodeId, address } = replica;
  const leaf = issueLeaf(authority, { nodeId, addresses: [address], ...JOIN_VALIDITY });
  // The certificate comes last: where there is one, its key is there, too.
  await files.remove(certificatePath);
  await files.write(keyPath, leaf.keyPem, SECRET_MODE);
  await files.write(certificatePath, leaf.certificatePem, SECRET_MODE);
  return true;
}

function isGood(pem: string, { nodeId, address }: Replica, authority: Authority): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const issuer = new X509Certificate(authority.certificatePem);
    const names = certificate.subjectAltName?.split(', ') ?? [];
    return (
      certificate.verify(issuer.publicKey) &&
      names.includes(`DNS:${nodeId}`) &&
      certificate.checkIP(address) !== undefined
    );
  } catch {
    return false; // no certificate at all
  }
}
