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

const API = { group: 'storage.k8s.io', version: 'v1', resource: 'volumeattributesclasses' };
const PATH = '/apis/storage.k8s.io/v1/volumeattributesclasses';
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const WROTE = '2026-11-01T10:00:00Z';

const newFolder = temporaryFolders();
const serverTls = tlsOf('cluster', 'kube-apiserver');

let server: FakeHttpsServer;
let asked: Asked[];
let answer: (asked: Asked) => Answer;
let kube: Kube;

beforeEach(async () => {
  const root = await newFolder();
  asked = [];
  server = await startHttpsServer(serverTls, (each) => {
    asked.push(each);
    return answer(each);
  });
  const kubeconfig = kubeconfigAt(root, server.port, serverTls.ca);
  await kubeconfig('admin.conf', embedded(tlsOf('cluster', 'admin')));
  kube = createKubernetesClient({ root, apiServerPort: server.port });
});

afterEach(() => server.stop());

const page = (names: readonly string[], next = ''): Answer => {
  const items = names.map((name) => ({ metadata: { name } }));
  return { status: 200, body: { metadata: { continue: next }, items } };
};

test('who wrote an object is read from its metadata alone', async () => {
  const managedFields = [
    { manager: 'helm', operation: 'Update', apiVersion: 'storage.k8s.io/v1beta1', time: WROTE },
    { manager: 'nobody' },
  ];
  const manifest = JSON.stringify({ apiVersion: 'storage.k8s.io/v1beta1', kind: 'It' });
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': manifest };
  const broken = { 'kubectl.kubernetes.io/last-applied-configuration': '{' };
  const items = [
    { metadata: { name: 'gold', annotations, managedFields } },
    { metadata: { name: 'claim', namespace: 'team', annotations: broken } },
  ];
  answer = () => ({ status: 200, body: { metadata: {}, items } });
  expect(await kube.writtenObjects(API, 100)).toEqual({
    all: true,
    objects: [
      {
        namespace: null,
        name: 'gold',
        writers: [
          {
            manager: 'helm',
            apiVersion: 'storage.k8s.io/v1beta1',
            wroteWallMs: Date.parse(WROTE),
          },
          { manager: 'nobody', apiVersion: '', wroteWallMs: 0 },
        ],
        appliedApiVersion: 'storage.k8s.io/v1beta1',
      },
      { namespace: 'team', name: 'claim', writers: [], appliedApiVersion: null },
    ],
  });
  expect(asked.map(({ path, accept }) => [path, accept])).toEqual([[PATH, METADATA_ONLY]]);
});

describe('of many objects', () => {
  test('no more are read than were asked for, page by page', async () => {
    answer = ({ query }) => {
      const limit = Number(query.get('limit'));
      const from = Number(query.get('continue') || 0);
      const names = Array.from({ length: limit }, (_, index) => `class-${from + index}`);
      return page(names, String(from + limit));
    };
    const { objects, all } = await kube.writtenObjects(API, 60);
    expect({ length: objects.length, last: objects.at(-1)?.name, all }).toEqual({
      length: 60,
      last: 'class-59',
      all: false,
    });
    expect(asked.map(({ query }) => query.get('limit'))).toEqual(['25', '25', '10']);
  });

  test('those that were read count, when the list is too old to go on', async () => {
    answer = ({ query }) =>
      query.get('continue') === 'on' ? { status: 410, body: {} } : page(['class-1'], 'on');
    const { objects, all } = await kube.writtenObjects(API, 60);
    expect({ names: objects.map(({ name }) => name), all }).toEqual({
      names: ['class-1'],
      all: false,
    });
  });
});

test('an API that is not served has no objects', async () => {
  answer = () => ({ status: 404, body: {} });
  expect(await kube.writtenObjects(API, 60)).toEqual({ objects: [], all: true });
});

test('an API server that has none says so with null', async () => {
  answer = () => ({ status: 200, body: { metadata: {}, items: null } });
  expect(await kube.writtenObjects(API, 100)).toEqual({ all: true, objects: [] });
});
