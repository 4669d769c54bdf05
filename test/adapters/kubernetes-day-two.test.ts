import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKubernetesClient } from '../../src/adapters/kubernetes-client.ts';
import type { Kube } from '../../src/ports/kube.ts';
import {
  type Answer,
  type Asked,
  type FakeHttpsServer,
  startHttpsServer,
} from '../support/fake-https-server.ts';
import { embedded, kubeconfigAt } from '../support/kubeconfig-files.ts';
import { tlsOf } from '../support/tls-certificate.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const serverTls = tlsOf('cluster', 'kube-apiserver');
const SOFT = { key: 'civitas.dev/soon', value: 'yes', effect: 'PreferNoSchedule' } as const;

let server: FakeHttpsServer;
let asked: Asked[];
let answer: (asked: Asked) => Answer;
let kube: Kube;

beforeEach(async () => {
  const root = await newFolder();
  asked = [];
  answer = () => ({ status: 404, body: {} });
  server = await startHttpsServer(serverTls, (request) => {
    asked.push(request);
    return answer(request);
  });
  await kubeconfigAt(
    root,
    server.port,
    serverTls.ca,
  )('admin.conf', embedded(tlsOf('cluster', 'admin')));
  kube = createKubernetesClient({ root, apiServerPort: server.port });
});

afterEach(() => server.stop());

function list(...items: readonly object[]): Answer {
  return { status: 200, body: { metadata: {}, items } };
}

function node(spec: object = {}, labels = {}): Answer {
  const metadata = { name: 'n1', uid: 'u1', resourceVersion: '7', labels };
  return { status: 200, body: { metadata, spec } };
}

function patches(): readonly unknown[] {
  return asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
}

describe('pods on a node', () => {
  test('are told with what decides about their eviction', async () => {
    const pod = {
      metadata: {
        namespace: 'default',
        name: 'web-5d8-x1',
        uid: 'u',
        labels: { app: 'web' },
        deletionTimestamp: '2026-01-01T00:00:00Z',
        ownerReferences: [
          { kind: 'Noise', name: 'n' },
          { kind: 'ReplicaSet', name: 'web-5d8', controller: true },
        ],
      },
      spec: {
        containers: [{ image: 'web:1' }, { image: 'log:2' }],
        volumes: [
          { name: 'a', configMap: {} },
          { name: 'b', emptyDir: {} },
        ],
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ restartCount: 2 }, { restartCount: 1 }],
      },
    };
    answer = () => list(pod);
    expect(await kube.podsOn('n1')).toEqual([
      {
        namespace: 'default',
        name: 'web-5d8-x1',
        uid: 'u',
        labels: { app: 'web' },
        owner: { kind: 'ReplicaSet', name: 'web-5d8' },
        mirror: false,
        emptyDir: true,
        phase: 'Running',
        ready: true,
        terminating: true,
        restarts: 3,
        images: ['web:1', 'log:2'],
      },
    ]);
    expect(asked[0]?.query.get('fieldSelector')).toBe('spec.nodeName=n1');
  });

  test('that are bare, new or static are told as such', async () => {
    const metadata = { namespace: 'kube-system', name: 'etcd-n1', uid: 'm' };
    const annotations = { 'kubernetes.io/config.mirror': 'abc' };
    const ownerReferences = [{ kind: 'Node', name: 'n1', controller: true }];
    answer = () =>
      list(
        { metadata: { ...metadata, annotations, ownerReferences }, spec: {}, status: {} },
        { metadata: { ...metadata, name: 'bare' }, spec: {} },
      );
    expect(await kube.podsOn('n1')).toMatchObject([
      { mirror: true, owner: { kind: 'Node', name: 'n1' }, phase: 'Unknown', ready: false },
      { mirror: false, owner: null, phase: 'Unknown', restarts: 0, labels: {} },
    ]);
  });
});

test('budgets are told with their selector and counts; one without a selector covers no pod', async () => {
  const matchExpressions = [{ key: 'app', operator: 'In', values: ['web'] }];
  const metadata = { namespace: 'default', name: 'web', uid: 'b' };
  answer = () =>
    list(
      {
        metadata,
        spec: { minAvailable: 1, selector: { matchExpressions } },
        status: { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 },
      },
      { metadata: { ...metadata, name: 'of-nobody' }, spec: {} },
      { metadata: { ...metadata, name: 'of-all' }, spec: { selector: {} } },
    );
  expect(await kube.disruptionBudgets()).toEqual([
    {
      namespace: 'default',
      name: 'web',
      selector: { matchLabels: {}, matchExpressions },
      disruptionsAllowed: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
      expectedPods: 2,
    },
    {
      namespace: 'default',
      name: 'of-all',
      selector: { matchLabels: {}, matchExpressions: [] },
      disruptionsAllowed: 0,
      currentHealthy: 0,
      desiredHealthy: 0,
      expectedPods: 0,
    },
  ]);
});

describe('an eviction', () => {
  const pod = { namespace: 'default', name: 'web-1', uid: 'u' };
  const violation = "Cannot evict pod as it would violate the pod's disruption budget.";
  const cause = 'The disruption budget web needs 2 healthy pods and has 2 currently';

  test('names the very pod', async () => {
    answer = () => ({ status: 201, body: {} });
    expect(await kube.evict(pod)).toEqual({ outcome: 'evicted' });
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/api/v1/namespaces/default/pods/web-1/eviction',
        body: { kind: 'Eviction', deleteOptions: { preconditions: { uid: 'u' } } },
      },
    ]);
  });

  test.each([404, 409])('of a pod that is gone or another (%s) is no error', async (status) => {
    answer = () => ({ status, body: { message: 'no' } });
    expect(await kube.evict(pod)).toEqual({ outcome: 'gone' });
  });

  test('that a budget forbids is refused in its words', async () => {
    const details = { causes: [{ reason: 'DisruptionBudget', message: cause }] };
    answer = () => ({ status: 429, body: { message: violation, details } });
    expect(await kube.evict(pod)).toEqual({ outcome: 'refused', text: `${violation} ${cause}` });
  });

  test('that two budgets forbid is refused, although the server calls it its own error', async () => {
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    answer = () => ({ status: 500, body: { message } });
    expect(await kube.evict(pod)).toEqual({ outcome: 'refused', text: message });
  });

  test.each([
    { status: 429, body: { message: 'too many requests, please try again later' } },
    { status: 500, body: { message: 'etcdserver: mvcc: database space exceeded' } },
  ])('that a server in trouble does not make is to be tried again: $body.message', async (row) => {
    answer = () => row;
    await expect(kube.evict(pod)).rejects.toMatchObject({
      code: 'kube.unreachable',
      retryable: true,
    });
  });
});

describe('marks of a node', () => {
  test('are told, and none of a node that is gone', async () => {
    answer = ({ path }) =>
      path.endsWith('/n1')
        ? node({ unschedulable: true, taints: [SOFT] }, { a: 'b' })
        : { status: 404, body: {} };
    expect([await kube.nodeMarks('n1'), await kube.nodeMarks('n2')]).toEqual([
      { uid: 'u1', unschedulable: true, taints: [SOFT], labels: { a: 'b' } },
      undefined,
    ]);
  });

  test('are patched as JSON merge patches', async () => {
    answer = () => node();
    await kube.setUnschedulable('n1', true);
    await kube.setLabels('n1', { a: 'b', c: null });
    expect(patches()).toEqual([
      { spec: { unschedulable: true } },
      { metadata: { labels: { a: 'b', c: null } } },
    ]);
    const types = asked
      .filter(({ method }) => method === 'PATCH')
      .map(({ contentType }) => contentType);
    expect(new Set(types)).toEqual(new Set(['application/merge-patch+json']));
  });

  test('are not written when they are as they should be', async () => {
    answer = () => node({ taints: [SOFT] });
    await kube.setUnschedulable('n1', false);
    await kube.addTaint('n1', SOFT);
    await kube.removeTaint('n1', { key: 'other', effect: 'NoSchedule' });
    expect(patches()).toEqual([]);
  });

  test('of one key and effect replace each other, and hold for the node that was read', async () => {
    const other = { key: 'other', value: '', effect: 'NoExecute' };
    answer = () => node({ taints: [{ ...SOFT, value: 'no' }, other] });
    await kube.addTaint('n1', SOFT);
    await kube.removeTaint('n1', SOFT);
    const metadata = { resourceVersion: '7' };
    expect(patches()).toEqual([
      { metadata, spec: { taints: [other, SOFT] } },
      { metadata, spec: { taints: [other] } },
    ]);
  });

  test('that somebody else changed meanwhile are read again', async () => {
    let conflicts = 2;
    answer = ({ method }) => {
      if (method !== 'PATCH') return node();
      conflicts -= 1;
      return conflicts >= 0 ? { status: 409, body: {} } : node();
    };
    await kube.addTaint('n1', SOFT);
    expect(patches()).toHaveLength(3);
  });

  test('that others change all the time are to be tried again later', async () => {
    answer = ({ method }) => (method === 'PATCH' ? { status: 409, body: {} } : node());
    await expect(kube.addTaint('n1', SOFT)).rejects.toMatchObject({ code: 'kube.unreachable' });
  });
});

test('leases tell when kubelets were heard last', async () => {
  answer = () =>
    list(
      { metadata: { name: 'n1' }, spec: { renewTime: '2026-01-01T00:00:00.500000Z' } },
      { metadata: { name: 'n2' }, spec: {} },
    );
  expect(await kube.nodeLeases()).toEqual([
    { node: 'n1', renewedWallMs: Date.UTC(2026, 0, 1) + 500 },
  ]);
});

test.each([
  { lease: { renewTime: '2026-01-01T00:00:00.500000Z' }, renewed: Date.UTC(2026, 0, 1) + 500 },
  { lease: {}, renewed: undefined },
])('a lease tells when the controller manager that leads said so: $lease', async (row) => {
  const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager';
  answer = (asked) =>
    asked.path === path
      ? { status: 200, body: { metadata: { name: 'kube-controller-manager' }, spec: row.lease } }
      : { status: 404, body: {} };
  expect(await kube.controllerManagerRenewedWallMs()).toBe(row.renewed);
});

test('where no controller manager ever led, none is told of', async () => {
  answer = () => ({ status: 404, body: {} });
  expect(await kube.controllerManagerRenewedWallMs()).toBeUndefined();
});

test('of volumes those of the node are told', async () => {
  const attachment = (name: string, nodeName: string, source: object, attached: boolean) => ({
    metadata: { name },
    spec: { nodeName, source },
    status: { attached },
  });
  answer = () =>
    list(
      attachment('a', 'n1', { persistentVolumeName: 'pv' }, true),
      attachment('b', 'n1', {}, false),
      attachment('c', 'n2', {}, true),
    );
  expect(await kube.volumeAttachments('n1')).toEqual([
    { name: 'a', volume: 'pv', attached: true },
    { name: 'b', volume: null, attached: false },
  ]);
});

describe('a ConfigMap', () => {
  test('is read with the revision that a patch must name', async () => {
    const body = { metadata: { resourceVersion: '9' }, data: { a: 'b' } };
    answer = () => ({ status: 200, body });
    expect(await kube.configMap('kubeadm-config')).toEqual({ revision: '9', data: { a: 'b' } });
    expect(await kube.patchConfigMap('kubeadm-config', { a: 'c' }, '9')).toBe('done');
    expect(asked.at(-1)).toMatchObject({
      path: '/api/v1/namespaces/kube-system/configmaps/kubeadm-config',
      body: { metadata: { resourceVersion: '9' }, data: { a: 'c' } },
    });
  });

  test.each([404, 409])('that is gone or was changed (%s) is a conflict', async (status) => {
    answer = () => ({ status, body: {} });
    expect(await kube.patchConfigMap('kube-proxy', {}, '1')).toBe('conflict');
  });

  test('may not be there', async () => {
    expect(await kube.configMap('kubelet-config')).toBeUndefined();
  });
});
