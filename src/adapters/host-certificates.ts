import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificates, ServedLeaf } from '../ports/certificates.ts';
import type { Clock } from '../ports/clock.ts';
import type { LeafCertificate } from '../state/leaf-certificates.ts';
import { LEAF_FILES, type LeafFile } from '../state/leaf-files.ts';
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
    const fingerprint = await servedFingerprint({ port, ...own });
    if (fingerprint === undefined) return [{ name, state: 'silent' }];
    const isPresent = fingerprint === leaf.certificate.fingerprint256;
    return [{ name, state: isPresent ? 'present' : 'former' }];
  }

  return {
    async leaves() {
      const found = await Promise.all(
        LEAF_FILES.map(async (file) => ({ file, leaf: await read(file) })),
      );
      return found.flatMap(({ file, leaf }) => (leaf ? [reported(file, leaf)] : []));
    },
    async served() {
      const found = await Promise.all(SERVERS.map((name) => servedAt(name, ports[name])));
      return found.flat();
    },
    restart: (user) => restartStaticPod(user, { clock, root }),
  };
}

/** Written within its validity: then it was issued, as kubeadm leaves nothing to do between the two. */
function reported({ name }: LeafFile, { certificate, writtenWallMs }: ReadLeaf): LeafCertificate {
  const { notBeforeWallMs, notAfterWallMs } = validityOf(certificate);
  const isWithin = writtenWallMs > notBeforeWallMs && writtenWallMs < notAfterWallMs;
  const issuedWallMs = isWithin ? Math.floor(writtenWallMs) : notBeforeWallMs;
  return { name, notBeforeWallMs: issuedWallMs, notAfterWallMs };
}

async function pairOf(name: string, root: string): Promise<{ cert?: string; key?: string }> {
  const file = LEAF_FILES.find((each) => each.name === name);
  if (!file?.keyPath) return {};
  const [cert, key] = await Promise.all(
    [file.path, file.keyPath].map((path) => readFile(join(root, path), 'latin1')),
  );
  return { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}
