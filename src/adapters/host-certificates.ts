import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificates, ServedLeaf } from '../ports/certificates.ts';
import type { Clock } from '../ports/clock.ts';
import type { LeafCertificate } from '../state/leaf-certificates.ts';
import { ADDRESSED_LEAVES, LEAF_FILES, type LeafFile } from '../state/leaf-files.ts';
import { etcdPeerHost } from './etcd-peer-host.ts';
import { createLeafReader, type ReadLeaf } from './leaf-reader.ts';
import { validityOf } from './leaf-validity.ts';
import { servedFingerprint } from './served-leaf.ts';
import { restartStaticPod } from './static-pod-process.ts';

type ServerName = ServedLeaf['name'];

const PORTS: Readonly<Record<ServerName, number>> = {
  apiserver: 6_443,
  'etcd-server': 2_379,
  'etcd-peer': 2_380,
  'kubelet-serving': 10_250,
};
const LOOPBACK = '127.0.0.1';
const SERVERS = Object.keys(PORTS) as readonly ServerName[]; // exactly the keys of the record above
/** What etcd takes from its peers, it takes from clients as well. */
const SHOWN_TO_ETCD = ['etcd-server', 'etcd-peer'];

interface HostCertificatesDeps {
  /** Stands before every path, for tests. */
  readonly root: string;
  readonly clock: Clock;
  /** Where each server listens, for tests. */
  readonly ports?: Readonly<Record<ServerName, number>>;
}

/** The leaves of this machine, and its servers that show them. */
export function createHostCertificates(deps: HostCertificatesDeps): Certificates {
  const { root, clock, ports = PORTS } = deps;
  const read = createLeafReader(root);

  async function servedAt(name: ServerName, port: number): Promise<readonly ServedLeaf[]> {
    const file = LEAF_FILES.find((each) => each.name === name);
    const leaf = file && (await read(file));
    if (!leaf) return [];
    const own = SHOWN_TO_ETCD.includes(name) ? await pairOf('etcd-peer', root) : {};
    const host = name === 'etcd-peer' ? await etcdPeerHost(root) : undefined;
    const fingerprint = await servedFingerprint({ host: host ?? LOOPBACK, port, ...own });
    if (fingerprint === undefined) return [{ name, state: 'silent' }];
    const isPresent = fingerprint === leaf.certificate.fingerprint256;
    return [{ name, state: isPresent ? 'present' : 'former' }];
  }

  /** Old releases of kubeadm date it back to the beginning of its authority: then its file tells. */
  async function issuedWallMs(
    { authorityPath }: LeafFile,
    { certificate, writtenWallMs }: ReadLeaf,
  ): Promise<number> {
    const { notBeforeWallMs, notAfterWallMs } = validityOf(certificate);
    const isWithin = writtenWallMs > notBeforeWallMs && writtenWallMs < notAfterWallMs;
    if (!isWithin || authorityPath === undefined) return notBeforeWallMs;
    const authority = await read({ path: authorityPath, form: 'pem' });
    const isDatedBack =
      authority && validityOf(authority.certificate).notBeforeWallMs === notBeforeWallMs;
    return isDatedBack ? Math.floor(writtenWallMs) : notBeforeWallMs;
  }

  async function report(file: LeafFile): Promise<readonly LeafCertificate[]> {
    const leaf = await read(file);
    if (!leaf) return [];
    const notBeforeWallMs = await issuedWallMs(file, leaf);
    const { notAfterWallMs } = validityOf(leaf.certificate);
    return [{ name: file.name, notBeforeWallMs, notAfterWallMs }];
  }

  return {
    async leaves() {
      return (await Promise.all(LEAF_FILES.map(report))).flat();
    },
    async lacking(address) {
      const leaves = await Promise.all(ADDRESSED_LEAVES.map(read));
      const names = ADDRESSED_LEAVES.map(({ name }) => name);
      return names.filter((_name, index) => {
        return leaves[index]?.certificate.checkIP(address) === undefined;
      });
    },
    async served() {
      const found = await Promise.all(SERVERS.map((name) => servedAt(name, ports[name])));
      return found.flat();
    },
    restart: (user) => restartStaticPod(user, { clock, root }),
  };
}

async function pairOf(name: string, root: string): Promise<{ cert?: string; key?: string }> {
  const file = LEAF_FILES.find((each) => each.name === name);
  if (!file?.keyPath) return {};
  const [cert, key] = await Promise.all(
    [file.path, file.keyPath].map((path) => readFile(join(root, path), 'latin1')),
  );
  return { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}
