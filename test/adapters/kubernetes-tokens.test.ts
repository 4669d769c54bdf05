import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKubernetesClient } from '../../src/adapters/kubernetes-client.ts';
import type { Kube } from '../../src/ports/kube.ts';
import {
  type Asked,
  type FakeHttpsServer,
  startHttpsServer,
} from '../support/fake-https-server.ts';
import { FakeSecrets } from '../support/fake-secrets.ts';
import { base64, embedded, kubeconfigAt } from '../support/kubeconfig-files.ts';
import { tlsOf } from '../support/tls-certificate.ts';
import { temporaryFolders } from './temporary-folder.ts';

const EXPIRES_MS = Date.UTC(2031, 4, 6, 7, 8, 9);
const TOKEN = 'abcdef.0123456789abcdef';
const listed = { id: 'abcdef', expiresWallMs: EXPIRES_MS, ours: true };

const newFolder = temporaryFolders();
const serverTls = tlsOf('cluster', 'kube-apiserver');

let server: FakeHttpsServer;
let asked: Asked[];
let secrets: FakeSecrets;
let kube: Kube;

beforeEach(async () => {
  const root = await newFolder();
  asked = [];
  secrets = new FakeSecrets();
  server = await startHttpsServer(serverTls, (request) => {
    asked.push(request);
    return secrets.answer(request);
  });
  const writeKubeconfig = kubeconfigAt(root, server.port, serverTls.ca);
  await writeKubeconfig('admin.conf', embedded(tlsOf('cluster', 'admin')));
  kube = createKubernetesClient({ root, apiServerPort: server.port });
});

afterEach(() => server.stop());

describe('bootstrap tokens', () => {
  test('one that was made is listed as ours until it is deleted', async () => {
    await kube.createBootstrapToken(TOKEN, EXPIRES_MS, 'join of n2');
    expect(await kube.bootstrapTokens()).toEqual([listed]);
    await kube.deleteBootstrapToken('abcdef');
    expect(await kube.bootstrapTokens()).toEqual([]);
  });

  test('it may be used by nodes that join, and its secret half stands in no path', async () => {
    await kube.createBootstrapToken(TOKEN, EXPIRES_MS, 'join of n2');
    expect(asked[0]?.path).toBe('/api/v1/namespaces/kube-system/secrets');
    expect(asked[0]?.body).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'bootstrap.kubernetes.io/token',
      metadata: {
        name: 'bootstrap-token-abcdef',
        namespace: 'kube-system',
        labels: { 'civitas.dev/owned': 'true' },
      },
      stringData: {
        'token-id': 'abcdef',
        'token-secret': '0123456789abcdef',
        description: 'join of n2',
        expiration: '2031-05-06T07:08:09.000Z',
        'usage-bootstrap-authentication': 'true',
        'usage-bootstrap-signing': 'true',
        'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
      },
    });
  });

  test('the very same one again is fine, another secret under its id is not', async () => {
    await kube.createBootstrapToken(TOKEN, EXPIRES_MS, 'join of n2');
    await kube.createBootstrapToken(TOKEN, EXPIRES_MS, 'join of n2');
    await expect(
      kube.createBootstrapToken('abcdef.fedcba9876543210', EXPIRES_MS, 'join of n3'),
    ).rejects.toMatchObject({ code: 'kube.refused', retryable: false });
  });

  test('deleting names the very Secret that was looked at', async () => {
    await kube.createBootstrapToken(TOKEN, EXPIRES_MS, 'join of n2');
    await kube.deleteBootstrapToken('abcdef');
    expect(asked.at(-1)).toMatchObject({
      method: 'DELETE',
      path: '/api/v1/namespaces/kube-system/secrets/bootstrap-token-abcdef',
      body: { preconditions: { uid: 'uid-1' } },
    });
    await kube.deleteBootstrapToken('abcdef');
  });

  test("another's is listed, never deleted, and one without expiration never expires", async () => {
    const data = { 'token-id': base64('zzzzzz') };
    const metadata = { name: 'bootstrap-token-zzzzzz', uid: 'u', labels: {} };
    secrets.objects.set(metadata.name, { metadata, data });
    expect(await kube.bootstrapTokens()).toEqual([
      { id: 'zzzzzz', expiresWallMs: Number.MAX_SAFE_INTEGER, ours: false },
    ]);
    await expect(kube.deleteBootstrapToken('zzzzzz')).rejects.toMatchObject({
      code: 'kube.refused',
    });
    expect(secrets.objects.size).toBe(1);
  });
});
