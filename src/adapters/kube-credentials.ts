import { readFile, stat } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { RetryableError } from '../errors.ts';
import { hasCode } from './error-code.ts';
import { type Kubeconfig, parseKubeconfig } from './kubeconfig.ts';

/** In order of preference: an administrator's on control planes, the kubelet's own elsewhere. */
const KUBECONFIGS = ['/etc/kubernetes/admin.conf', '/etc/kubernetes/kubelet.conf'];
const IDLE_CONNECTION_MS = 60_000;

export interface KubeCredentials {
  /** The API server the kubeconfig names: mostly the load balancer of this node. */
  readonly server: string;
  /** Verifies servers by the cluster's CA and shows the client certificate. */
  readonly agent: Agent;
}

interface Loaded extends KubeCredentials {
  readonly paths: readonly string[];
  readonly stamp: string;
}

/**
 * This host's credentials; undefined while it has none. They are read anew when one of their files
 * changed: the kubelet rotates its certificate, and a promotion adds admin.conf. Rejects with
 * RetryableError `kube.bad-kubeconfig`, which a file that kubeadm is writing also is. `root` stands
 * before every path, for tests.
 */
export function createKubeCredentials(root: string): () => Promise<KubeCredentials | undefined> {
  let loaded: Loaded | undefined;

  return async () => {
    const path = await firstPresent(KUBECONFIGS.map((name) => join(root, name)));
    if (path === undefined) return undefined;
    const isFresh = loaded?.paths[0] === path && loaded.stamp === (await stampOf(loaded.paths));
    if (!isFresh) loaded = await load(root, path);
    return loaded;
  };
}

async function load(root: string, path: string): Promise<Loaded> {
  try {
    const { cluster, user } = parseKubeconfig(await readFile(path, 'utf8'));
    const files = [user.certFile, user.keyFile].flatMap((file) => (file ? [join(root, file)] : []));
    const paths = [path, ...files];
    const stamp = await stampOf(paths); // before the reading, so that no change is overlooked
    const tls = await readTls(root, { cluster, user });
    const agent = new Agent({ ...tls, keepAlive: true, timeout: IDLE_CONNECTION_MS });
    return { server: cluster.server, agent, paths, stamp };
  } catch (cause) {
    const message = `${path} can not be used (${String(cause)}): make it anew with \`kubeadm init phase kubeconfig\` if it stays.`;
    throw new RetryableError('kube.bad-kubeconfig', message, { cause });
  }
}

async function readTls(root: string, { cluster, user }: Kubeconfig) {
  const [ca, cert, key] = await Promise.all([
    readPem(root, cluster.caFile, cluster.caData),
    readPem(root, user.certFile, user.certData),
    readPem(root, user.keyFile, user.keyData),
  ]);
  return { ca, cert, key };
}

async function readPem(root: string, file: string | undefined, base64: string | undefined) {
  if (file) return readFile(join(root, file));
  if (base64) return Buffer.from(base64, 'base64');
  throw new Error('it names no CA, or no client certificate and key');
}

async function firstPresent(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if ((await stampOf([path])) !== '') return path;
  }
  return undefined;
}

/** Changes when one of the files does; empty when there is none. */
async function stampOf(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map(async (path) => {
      try {
        const { ino, mtimeMs, size } = await stat(path);
        return [ino, mtimeMs, size].join();
      } catch (error) {
        if (hasCode(error, 'ENOENT', 'ENOTDIR')) return '';
        throw error;
      }
    }),
  );
  return stamps.join(' ').trim();
}
