import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKubernetesClient } from '../../src/adapters/kubernetes-client.ts';
import type { Kube } from '../../src/ports/kube.ts';
import {
  type Answer,
  type Asked,
  type FakeHttpsServer,
  startHttpsServer,
} from '../support/fake-https-server.ts';
import { embedded, kubeconfigAt, writeKubeletPem } from '../support/kubeconfig-files.ts';
import { tlsOf } from '../support/tls-certificate.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const serverTls = tlsOf('cluster', 'kube-apiserver');
const adminTls = tlsOf('cluster', 'admin');
const kubeletTls = tlsOf('cluster', 'kubelet');

let root: string;
let server: FakeHttpsServer;
let asked: Asked[];
let answer: (asked: Asked) => Answer;
let kube: Kube;
let writeKubeconfig: ReturnType<typeof kubeconfigAt>;

beforeEach(async () => {
  root = await newFolder();
  asked = [];
  answer = () => ({ status: 404, body: {} });
  server = await startHttpsServer(serverTls, (request) => {
    asked.push(request);
    return answer(request);
  });
  writeKubeconfig = kubeconfigAt(root, server.port, serverTls.ca);
  kube = createKubernetesClient({ root, apiServerPort: server.port });
});

afterEach(() => server.stop());

function nodeObject(name: string, ready: 'True' | 'False', labels = {}) {
  return {
    metadata: { name, uid: `uid-${name}`, labels },
    spec: { podCIDR: '10.244.1.0/24' },
    status: {
      conditions: [
        { type: 'MemoryPressure', status: 'False' },
        { type: 'Ready', status: ready },
      ],
      addresses: [
        { type: 'Hostname', address: name },
        { type: 'InternalIP', address: '10.88.0.1' },
      ],
      nodeInfo: { kubeletVersion: 'v1.34.4' },
    },
  };
}

const n1 = {
  name: 'n1',
  uid: 'uid-n1',
  ready: true,
  controlPlane: false,
  kubeletVersion: 'v1.34.4',
  podCidr: '10.244.1.0/24',
  internalIp: '10.88.0.1',
};

describe('before the host has credentials', () => {
  test('it has no node, no API server and nothing initialised', async () => {
    expect(await kube.ownNode('n1')).toBeUndefined();
    expect(await kube.localApiServerReady()).toBe(false);
    expect(await kube.initialised()).toBe(false);
    expect(asked).toEqual([]);
  });

  test('what only a member of the cluster may ask is to be tried again', async () => {
    const unreachable = { code: 'kube.unreachable', retryable: true };
    await expect(kube.nodes()).rejects.toMatchObject(unreachable);
    await expect(kube.bootstrapTokens()).rejects.toMatchObject(unreachable);
  });
});

describe('credentials', () => {
  beforeEach(() => {
    answer = () => ({ status: 200, body: nodeObject('n1', 'True') });
  });

  const clients = () => asked.map(({ client }) => client);

  test("an administrator's come before the kubelet's, also when they appear later", async () => {
    await writeKubeconfig('kubelet.conf', await writeKubeletPem(root, kubeletTls));
    await kube.ownNode('n1');
    await writeKubeconfig('admin.conf', embedded(adminTls));
    await kube.ownNode('n1');
    expect(clients()).toEqual(['kubelet', 'admin']);
  });

  test('a certificate that the kubelet rotated is taken up', async () => {
    await writeKubeconfig('kubelet.conf', await writeKubeletPem(root, kubeletTls));
    await kube.ownNode('n1');
    await writeKubeletPem(root, tlsOf('cluster', 'kubelet-rotated'));
    await kube.ownNode('n1');
    expect(clients()).toEqual(['kubelet', 'kubelet-rotated']);
  });

  test.each([
    { what: 'cut off in the middle', text: 'apiVersion: v1\nclusters:\n- cluster: {cert' },
    { what: 'empty', text: '' },
    { what: 'without the current context', text: 'clusters: []\ncontexts: []\nusers: []' },
  ])('a kubeconfig $what is one that is just being written', async ({ text }) => {
    await mkdir(join(root, 'etc/kubernetes'), { recursive: true });
    await writeFile(join(root, 'etc/kubernetes/admin.conf'), text);
    await expect(kube.nodes()).rejects.toMatchObject({
      code: 'kube.bad-kubeconfig',
      retryable: true,
    });
  });

  test('a server of another CA is none that answers', async () => {
    const foreign = kubeconfigAt(root, server.port, tlsOf('other', 'x').ca);
    await foreign('admin.conf', embedded(adminTls));
    await expect(kube.ownNode('n1')).rejects.toMatchObject({ code: 'kube.unreachable' });
    expect(await kube.localApiServerReady()).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe('nodes', () => {
  beforeEach(() => writeKubeconfig('admin.conf', embedded(adminTls)));

  test('the own node is read by its name', async () => {
    answer = ({ path }) =>
      path === '/api/v1/nodes/n1'
        ? { status: 200, body: nodeObject('n1', 'True') }
        : { status: 404, body: {} };
    expect(await kube.ownNode('n1')).toEqual(n1);
    expect(await kube.ownNode('n2')).toBeUndefined();
  });

  test('a node without pod network, address or conditions is not ready', async () => {
    const status = { nodeInfo: { kubeletVersion: 'v1.34.4' } };
    const body = { metadata: { name: 'n1', uid: 'uid-n1' }, spec: {}, status };
    answer = () => ({ status: 200, body });
    const bare = { ...n1, ready: false, podCidr: null, internalIp: null };
    expect(await kube.ownNode('n1')).toEqual(bare);
  });

  test('all nodes are read, page after page', async () => {
    const controlPlane = { 'node-role.kubernetes.io/control-plane': '' };
    answer = ({ query }) => {
      const items = query.get('continue')
        ? [nodeObject('n2', 'False')]
        : [nodeObject('n1', 'True', controlPlane)];
      const more = query.get('continue') ? {} : { continue: 'page two' };
      return { status: 200, body: { metadata: more, items } };
    };
    expect(await kube.nodes()).toEqual([
      { ...n1, controlPlane: true },
      { ...n1, name: 'n2', uid: 'uid-n2', ready: false },
    ]);
  });

  test.each([
    { when: 'it is the one that was meant', status: 200 },
    { when: 'it is gone already', status: 404 },
    { when: 'another one took its name', status: 409 },
  ])('is deleted by name and uid, and there is no more to it when $when', async ({ status }) => {
    answer = () => ({ status, body: {} });
    await kube.deleteNode('n1', 'uid-n1');
    expect(asked).toMatchObject([
      { method: 'DELETE', path: '/api/v1/nodes/n1', body: { preconditions: { uid: 'uid-n1' } } },
    ]);
  });

  test.each([
    { status: 401, code: 'kube.refused', retryable: false },
    { status: 403, code: 'kube.refused', retryable: false },
    { status: 422, code: 'kube.refused', retryable: false },
    { status: 429, code: 'kube.unreachable', retryable: true },
    { status: 503, code: 'kube.unreachable', retryable: true },
  ])('an API server that says $status: $code', async ({ status, ...error }) => {
    answer = () => ({ status, body: { message: 'the reason' } });
    const message = expect.stringContaining('the reason');
    await expect(kube.nodes()).rejects.toMatchObject({ ...error, message });
  });

  test.each([{ body: 'plain words' }, { body: {} }, { body: { metadata: {}, items: [{}] } }])(
    'what answers $body is no API server',
    async ({ body }) => {
      answer = () => ({ status: 200, body });
      await expect(kube.nodes()).rejects.toMatchObject({ code: 'kube.unreachable' });
    },
  );

  test('no API server at all is to be tried again', async () => {
    await server.stop();
    await expect(kube.nodes()).rejects.toMatchObject({ code: 'kube.unreachable', retryable: true });
    server = await startHttpsServer(serverTls, answer);
  });
});

describe('an API server', () => {
  beforeEach(() => writeKubeconfig('admin.conf', embedded(adminTls)));

  test.each([
    { status: 200, ready: true },
    { status: 500, ready: false },
    { status: 401, ready: false },
  ])('that says $status to /readyz: ready $ready', async ({ status, ready }) => {
    answer = () => ({ status, body: 'ok' });
    expect(await kube.localApiServerReady()).toBe(ready);
    expect(asked.map(({ path }) => path)).toEqual(['/readyz']);
  });

  test.each([
    { status: 200, body: { gitVersion: 'v1.34.4', major: '1' }, version: 'v1.34.4' },
    { status: 200, body: { major: '1' }, version: undefined },
    { status: 403, body: { kind: 'Status' }, version: undefined },
  ])('that says $status and $body to /version is $version', async ({ version, ...answered }) => {
    answer = () => answered;
    expect(await kube.localApiServerVersion()).toBe(version);
    expect(asked.map(({ path }) => path)).toEqual(['/version']);
  });

  test.each([
    { missing: 'nothing', status: 404, initialised: true },
    { missing: 'kubeadm-config', status: 404, initialised: false },
    { missing: 'kube-proxy', status: 404, initialised: false },
    { missing: 'coredns', status: 404, initialised: false },
    { missing: 'coredns', status: 403, initialised: false },
  ])(
    'with $missing missing ($status): initialised $initialised',
    async ({ missing, status, initialised }) => {
      answer = ({ path }) => ({ status: path.endsWith(missing) ? status : 200, body: {} });
      expect(await kube.initialised()).toBe(initialised);
    },
  );
});
