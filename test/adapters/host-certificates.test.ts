import { mkdir, utimes, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { deriveAuthority, issueLeaf, type Leaf } from '../../src/adapters/certificates.ts';
import { createHostCertificates } from '../../src/adapters/host-certificates.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { temporaryFolders } from './temporary-folder.ts';

const DAY_MS = 86_400_000;
/** Certificates are dated in whole seconds. */
const NOW_MS = Math.floor(Date.now() / 1_000) * 1_000;
const VALID = { notBeforeMs: NOW_MS - 300 * DAY_MS, notAfterMs: NOW_MS + 65 * DAY_MS };
const NOWHERE = { apiserver: 1, 'etcd-server': 1, 'etcd-peer': 1, 'kubelet-serving': 1 };

const newFolder = temporaryFolders();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function newLeaf(): Leaf {
  const authority = deriveAuthority(Buffer.alloc(32), 'leaves', 'civitas-test-ca');
  return issueLeaf(authority, { nodeId: 'aaaaaaaaaaa', addresses: ['127.0.0.1'], ...VALID });
}

async function put(root: string, path: string, content: string, writtenMs = NOW_MS): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content, { mode: 0o600 });
  await utimes(join(root, path), writtenMs / 1_000, writtenMs / 1_000);
}

function kubeconfig(user: Readonly<Record<string, string>>): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'kubernetes', cluster: { server: 'https://127.0.0.1:7443' } }],
    contexts: [{ name: 'own', context: { cluster: 'kubernetes', user: 'me' } }],
    'current-context': 'own',
    users: [{ name: 'me', user }],
  });
}

function on(root: string, ports = NOWHERE) {
  return createHostCertificates({ root, clock: createSystemClock(), ports });
}

async function serve({ certificatePem, keyPem }: Leaf): Promise<number> {
  const server = createServer({ cert: certificatePem, key: keyPem });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // Listening on TCP.
  return (server.address() as AddressInfo).port;
}

describe('leaves of a host', () => {
  test('are found in PEM files, also beside a key, and within kubeconfigs', async () => {
    const root = await newFolder();
    const { certificatePem, keyPem } = newLeaf();
    const embedded = { 'client-certificate-data': Buffer.from(certificatePem).toString('base64') };
    await put(root, '/etc/kubernetes/pki/apiserver.crt', certificatePem);
    await put(root, '/etc/kubernetes/pki/etcd/peer.crt', certificatePem);
    await put(root, '/etc/kubernetes/admin.conf', kubeconfig(embedded));
    await put(
      root,
      '/var/lib/kubelet/pki/kubelet-client-current.pem',
      `${keyPem}${certificatePem}`,
    );
    const named = { 'client-certificate': '/var/lib/kubelet/pki/kubelet-client-current.pem' };
    await put(root, '/etc/kubernetes/kubelet.conf', kubeconfig(named));
    const times = { notBeforeWallMs: NOW_MS, notAfterWallMs: VALID.notAfterMs };
    expect(await on(root).leaves()).toEqual([
      { name: 'admin.conf', ...times },
      { name: 'apiserver', ...times },
      { name: 'etcd-peer', ...times },
      { name: 'kubelet', ...times },
    ]);
  });

  test.each([
    ['written within its validity: by then', NOW_MS - DAY_MS, NOW_MS - DAY_MS],
    ['written before it: by its own word', VALID.notBeforeMs - DAY_MS, VALID.notBeforeMs],
    [
      'written after it, by a clock that was wrong: by its own word',
      VALID.notAfterMs + DAY_MS,
      VALID.notBeforeMs,
    ],
  ])('are dated by when they were %s', async (_, writtenMs, expected) => {
    const root = await newFolder();
    await put(root, '/etc/kubernetes/pki/apiserver.crt', newLeaf().certificatePem, writtenMs);
    const [leaf] = await on(root).leaves();
    expect(leaf?.notBeforeWallMs).toBe(expected);
  });

  test.each([
    ['half of one', newLeaf().certificatePem.slice(0, 200)],
    ['nothing', ''],
    ['other words', 'no certificate'],
    ['a certificate of rubbish', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ])('are left out where a file holds %s, and found once it is whole', async (_, content) => {
    const root = await newFolder();
    const certificates = on(root);
    await put(root, '/etc/kubernetes/pki/apiserver.crt', content);
    await put(root, '/etc/kubernetes/admin.conf', content);
    const before = await certificates.leaves();
    await put(root, '/etc/kubernetes/pki/apiserver.crt', newLeaf().certificatePem, NOW_MS - 1_000);
    const after = await certificates.leaves();
    expect([before, after.map(({ name }) => name)]).toEqual([[], ['apiserver']]);
  });
});

describe('what a server shows', () => {
  test('is the leaf on the disk, a former one, or nothing', async () => {
    const root = await newFolder();
    const [served, former] = [newLeaf(), newLeaf()];
    await put(root, '/etc/kubernetes/pki/apiserver.crt', served.certificatePem);
    await put(root, '/etc/kubernetes/pki/etcd/server.crt', served.certificatePem);
    await put(root, '/etc/kubernetes/pki/etcd/peer.crt', served.certificatePem);
    await put(root, '/etc/kubernetes/pki/etcd/peer.key', served.keyPem);
    const ports = {
      ...NOWHERE,
      apiserver: await serve(served),
      'etcd-server': await serve(former),
    };
    expect(await on(root, ports).served()).toEqual([
      { name: 'apiserver', state: 'present' },
      { name: 'etcd-server', state: 'former' },
      { name: 'etcd-peer', state: 'silent' },
    ]);
  });
});
