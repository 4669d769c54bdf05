import { z } from 'zod';
import { TerminalError } from '../errors.ts';
import type { BootstrapToken } from '../ports/kube.ts';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, parsed } from './kubernetes-api.ts';
import { listSchema, metadataSchema } from './kubernetes-objects.ts';

const SECRETS = '/api/v1/namespaces/kube-system/secrets';
const TYPE = 'bootstrap.kubernetes.io/token';
/** On what civitas made in a cluster, so that it takes nothing else away. */
const OWNED_LABEL = 'civitas.dev/owned';
/** A token without expiration lasts until somebody deletes it. */
const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** Values are base64. */
const secretSchema = z.object({
  metadata: metadataSchema,
  data: z.record(z.string(), z.string()).default({}),
});

export async function listBootstrapTokens(
  credentials: KubeCredentials,
): Promise<readonly BootstrapToken[]> {
  const query = new URLSearchParams({ fieldSelector: `type=${TYPE}` });
  const answer = await callKube(credentials, 'GET', `${SECRETS}?${query}`);
  return parsed(listSchema(secretSchema), answer).items.map(toBootstrapToken);
}

/** Nothing when the very same token is there already. */
export async function createBootstrapToken(
  credentials: KubeCredentials,
  token: string,
  expiresWallMs: number,
  description: string,
): Promise<void> {
  const body = newSecret(token, expiresWallMs, description);
  const { status } = await callKube(credentials, 'POST', SECRETS, { body, foreseen: [409] });
  if (status !== 409) return;
  const answer = await callKube(credentials, 'GET', `${SECRETS}/${body.metadata.name}`);
  const { data } = parsed(secretSchema, answer);
  if (fromBase64(data['token-secret']) === body.stringData['token-secret']) return;
  const message = `The cluster has another ${body.metadata.name} already: nothing is to be done, as the next handover has another token.`;
  throw new TerminalError('kube.refused', message);
}

/** Nothing when it is gone, also when another of that name took its place meanwhile. */
export async function deleteBootstrapToken(
  credentials: KubeCredentials,
  id: string,
): Promise<void> {
  const path = `${SECRETS}/${encodeURIComponent(secretName(id))}`;
  const answer = await callKube(credentials, 'GET', path, { foreseen: [404] });
  if (answer.status === 404) return;
  const { metadata } = parsed(secretSchema, answer);
  if (metadata.labels[OWNED_LABEL] !== 'true') {
    const message = `The bootstrap token ${id} was not made by civitas: its owner has to delete it.`;
    throw new TerminalError('kube.refused', message);
  }
  const body = { preconditions: { uid: metadata.uid } };
  await callKube(credentials, 'DELETE', path, { body, foreseen: [404, 409] });
}

function toBootstrapToken({ metadata, data }: z.infer<typeof secretSchema>): BootstrapToken {
  const expiration = fromBase64(data['expiration']);
  return {
    id: fromBase64(data['token-id']),
    expiresWallMs: expiration === '' ? NEVER_MS : Date.parse(expiration),
    ours: metadata.labels[OWNED_LABEL] === 'true',
  };
}

/** A token that lets a node join (kubernetes.io: "Authenticating with Bootstrap Tokens"). */
function newSecret(token: string, expiresWallMs: number, description: string) {
  const [id = '', secret = ''] = token.split('.');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: TYPE,
    metadata: {
      name: secretName(id),
      namespace: 'kube-system',
      labels: { [OWNED_LABEL]: 'true' },
    },
    stringData: {
      'token-id': id,
      'token-secret': secret,
      description,
      expiration: new Date(expiresWallMs).toISOString(),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    },
  };
}

function secretName(id: string): string {
  return `bootstrap-token-${id}`;
}

function fromBase64(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString('utf8');
}
