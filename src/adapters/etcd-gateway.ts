import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { Etcd, EtcdMember } from '../ports/etcd.ts';
import { hasCode } from './error-code.ts';
import { type HttpsJsonAnswer, httpsJson } from './https-json.ts';

const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml';
const PKI = '/etc/kubernetes/pki/etcd';
const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * The gateway renders 64-bit numbers as strings, and leaves out what is empty or false
 * (etcd.io: "Why gRPC gateway", /v3/cluster/member/list).
 */
const answerSchema = z.object({
  members: z.array(
    z.object({
      ID: z.string().regex(/^\d{1,20}$/),
      name: z.string().default(''),
      peerURLs: z.array(z.string()).default([]),
      isLearner: z.boolean().default(false),
    }),
  ),
});

export interface EtcdGatewayDeps {
  /** Stands before the paths of manifest and keys, for tests. */
  readonly root: string;
  readonly port: number;
}

/**
 * This host's etcd by its JSON gateway. A host runs etcd when kubeadm left its manifest and keys;
 * the connection is new for every call, so that renewed keys are in use at once.
 */
export function createEtcdGateway({ root, port }: EtcdGatewayDeps): Etcd {
  const url = new URL(`https://127.0.0.1:${port}/v3/cluster/member/list`);
  return {
    members: async () => {
      const tls = await readTls(root);
      if (tls === undefined) return undefined;
      const agent = new Agent(tls);
      try {
        return toMembers(await ask(agent, url));
      } finally {
        agent.destroy();
      }
    },
  };
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

async function ask(agent: Agent, url: URL): Promise<HttpsJsonAnswer> {
  const body = { linearizable: true };
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
  try {
    return await httpsJson({ agent, url, method: 'POST', body, ...limits });
  } catch (cause) {
    throw unreachable(String(cause), cause);
  }
}

function toMembers({ status, body }: HttpsJsonAnswer): readonly EtcdMember[] {
  const answer = answerSchema.safeParse(body);
  if (status !== 200 || !answer.success) throw unreachable(`status ${status}`, body);
  return answer.data.members.map(({ ID, name, peerURLs, isLearner }) => ({
    id: BigInt(ID).toString(16),
    name,
    peerUrls: peerURLs,
    learner: isLearner,
  }));
}

function unreachable(reason: string, cause: unknown): RetryableError {
  const message = `This host's etcd does not tell its members, so it has no quorum or does not run: ${reason}.`;
  return new RetryableError('etcd.unreachable', message, { cause });
}
