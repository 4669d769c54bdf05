import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { RetryableError } from '../errors.ts';
import { hasCode } from './error-code.ts';
import { type HttpsJsonAnswer, httpsJson } from './https-json.ts';

const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml';
const PKI = '/etc/kubernetes/pki/etcd';
const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Runs `work` with a connection to etcd; undefined when this host runs none: kubeadm left no
 * manifest or keys. Keys are read anew for every call, so that renewed ones are in use at once.
 */
export async function withEtcd<T>(
  root: string,
  work: (agent: Agent) => Promise<T>,
): Promise<T | undefined> {
  const tls = await readTls(root);
  if (tls === undefined) return undefined;
  const agent = new Agent(tls);
  try {
    return await work(agent);
  } finally {
    agent.destroy();
  }
}

/** One call of the JSON gateway at `origin`; any status is an answer. */
export async function askEtcd(
  agent: Agent,
  url: URL,
  body: unknown,
  timeoutMs = TIMEOUT_MS,
): Promise<HttpsJsonAnswer> {
  try {
    return await httpsJson({
      agent,
      url,
      method: 'POST',
      body,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
  } catch (cause) {
    throw etcdUnreachable(String(cause), cause);
  }
}

export function etcdUnreachable(reason: string, cause?: unknown): RetryableError {
  const message = `This host's etcd does not answer (${reason}), so it does not run or has no quorum: bring the other control planes back if it stays.`;
  return new RetryableError('etcd.unreachable', message, { cause });
}

async function readTls(root: string) {
  const read = (path: string) => readFile(join(root, path));
  try {
    const [ca, cert, key] = await Promise.all([
      read(`${PKI}/ca.crt`),
      read(`${PKI}/healthcheck-client.crt`),
      read(`${PKI}/healthcheck-client.key`),
      read(MANIFEST),
    ]);
    return { ca, cert, key };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
