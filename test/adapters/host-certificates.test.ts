import { mkdir, utimes, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import {
  type Authority,
  deriveAuthority,
  issueLeaf,
  JOIN_VALIDITY,
  type Leaf,
} from '../../src/adapters/certificates.ts';
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

const AUTHORITY: Authority = deriveAuthority(Buffer.alloc(32), 'leaves', 'civitas-test-ca');

function newLeaf(validity = VALID): Leaf {
  return issueLeaf(AUTHORITY, { nodeId: 'aaaaaaaaaaa', addresses: ['127.0.0.1'], ...validity });
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

async function serve({ certificatePem, keyPem }: Leaf, host = '127.0.0.1'): Promise<number> {
  const server = createServer({ cert: certificatePem, key: keyPem });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
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
    const times = { notBeforeWallMs: VALID.notBeforeMs, notAfterWallMs: VALID.notAfterMs };
    expect(await on(root).leaves()).toEqual([
      { name: 'admin.conf', ...times },
      { name: 'apiserver', ...times },
      { name: 'etcd-peer', ...times },
      { name: 'kubelet', ...times },
    ]);
  });

  /** Back to the beginning of its authority, as old releases of kubeadm do. */
  const datedBack = { ...VALID, notBeforeMs: JOIN_VALIDITY.notBeforeMs };
  const yesterday = NOW_MS - DAY_MS;

  test.each([
    ['by their own word, whenever their file was written', VALID, yesterday, VALID.notBeforeMs],
    ['by their file, where they are as old as their authority', datedBack, yesterday, yesterday],
    [
      'by their own word, where the clock was wrong when their file was written',
      datedBack,
      VALID.notAfterMs + DAY_MS,
      datedBack.notBeforeMs,
    ],
  ])('are dated %s', async (_, validity, writtenMs, expected) => {
    const root = await newFolder();
    await put(root, '/etc/kubernetes/pki/etcd/ca.crt', AUTHORITY.certificatePem);
    await put(
      root,
      '/etc/kubernetes/pki/etcd/server.crt',
      newLeaf(validity).certificatePem,
      writtenMs,
    );
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

describe('leaves for an address', () => {
  test('lack it where they name another, and where there is none', async () => {
    const root = await newFolder();
    const { certificatePem } = newLeaf();
    await put(root, '/etc/kubernetes/pki/apiserver.crt', certificatePem);
    await put(root, '/etc/kubernetes/pki/etcd/peer.crt', certificatePem);
    expect(await on(root).lacking('127.0.0.1')).toEqual(['etcd-server']);
    expect(await on(root).lacking('127.0.0.2')).toEqual(['apiserver', 'etcd-peer', 'etcd-server']);
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

  test('is asked of etcd’s peers where its manifest says that they are served', async () => {
    const root = await newFolder();
    const leaf = newLeaf();
    await put(root, '/etc/kubernetes/pki/etcd/peer.crt', leaf.certificatePem);
    await put(root, '/etc/kubernetes/pki/etcd/peer.key', leaf.keyPem);
    const ports = { ...NOWHERE, 'etcd-peer': await serve(leaf, '127.0.0.2') };
    const before = await on(root, ports).served();
    const manifest = `- --listen-peer-urls=https://127.0.0.2:2380\n`;
    await put(root, '/etc/kubernetes/manifests/etcd.yaml', manifest);
    expect([before, await on(root, ports).served()]).toEqual([
      [{ name: 'etcd-peer', state: 'silent' }],
      [{ name: 'etcd-peer', state: 'present' }],
    ]);
  });
});
