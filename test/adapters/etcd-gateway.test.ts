import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEtcdGateway } from '../../src/adapters/etcd-gateway.ts';
import type { Etcd } from '../../src/ports/etcd.ts';
import {
  type Answer,
  type Asked,
  type FakeHttpsServer,
  startHttpsServer,
} from '../support/fake-https-server.ts';
import { tlsOf } from '../support/tls-certificate.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();

let root: string;
let server: FakeHttpsServer;
let asked: Asked[];
let answer: Answer;
let etcd: Etcd;

beforeEach(async () => {
  root = await newFolder();
  asked = [];
  answer = { status: 200, body: { members: [] } };
  server = await startHttpsServer(tlsOf('etcd', 'server'), (request) => {
    asked.push(request);
    return answer;
  });
  const client = tlsOf('etcd', 'healthcheck');
  await put('pki/etcd/ca.crt', client.ca);
  await put('pki/etcd/healthcheck-client.crt', client.cert);
  await put('pki/etcd/healthcheck-client.key', client.key);
  await put('manifests/etcd.yaml', 'kind: Pod');
  etcd = createEtcdGateway({ root, port: server.port });
});

afterEach(() => server.stop());

async function put(name: string, content: string): Promise<void> {
  const path = join(root, 'etc/kubernetes', name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
}

describe('etcd gateway', () => {
  test('members are told as etcdctl tells them, learners and never started ones too', async () => {
    // As etcd 3.6 answers: 64-bit numbers are strings, what is empty or false is left out.
    answer = {
      status: 200,
      body: {
        header: { cluster_id: '14841639068965178418', revision: '7' },
        members: [
          {
            ID: '10376293541461622787',
            name: 'n1',
            peerURLs: ['https://10.88.0.1:2380'],
            clientURLs: ['https://10.88.0.1:2379'],
          },
          { ID: '255', peerURLs: ['https://10.88.0.2:2380'], isLearner: true },
        ],
      },
    };
    expect(await etcd.members()).toEqual([
      {
        id: '9000000000000003',
        name: 'n1',
        peerUrls: ['https://10.88.0.1:2380'],
        learner: false,
      },
      { id: 'ff', name: '', peerUrls: ['https://10.88.0.2:2380'], learner: true },
    ]);
  });

  test('the list is asked of a quorum', async () => {
    await etcd.members();
    expect(asked).toMatchObject([
      { method: 'POST', path: '/v3/cluster/member/list', body: { linearizable: true } },
    ]);
  });

  test.each(['manifests/etcd.yaml', 'pki/etcd/healthcheck-client.key'])(
    'a host without %s runs no etcd',
    async (name) => {
      await rm(join(root, 'etc/kubernetes', name));
      expect(await etcd.members()).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  test.each([
    {
      when: 'it has no quorum',
      answer: { status: 503, body: { error: 'etcdserver: request timed out' } },
    },
    { when: 'its answer is no list', answer: { status: 200, body: { members: [{ ID: -1 }] } } },
    { when: 'its answer is no JSON', answer: { status: 200, body: 'page' } },
  ])('no members are told when $when', async (row) => {
    answer = row.answer;
    await expect(etcd.members()).rejects.toMatchObject({
      code: 'etcd.unreachable',
      retryable: true,
    });
  });

  test('members are told by another host where this one runs none that answers', async () => {
    const elsewhere = createEtcdGateway({ root, port: server.port });
    expect(await elsewhere.membersAt('127.0.0.1')).toEqual([]);
    expect(asked).toMatchObject([
      { path: '/v3/cluster/member/list', body: { linearizable: true } },
    ]);
    await server.stop();
    await expect(elsewhere.membersAt('127.0.0.1')).rejects.toMatchObject({
      code: 'etcd.unreachable',
      retryable: true,
    });
  });

  test('an etcd of another CA is not believed', async () => {
    await put('pki/etcd/ca.crt', tlsOf('other', 'x').ca);
    await expect(etcd.members()).rejects.toMatchObject({ code: 'etcd.unreachable' });
    expect(asked).toEqual([]);
  });

  test('an etcd that does not run is to be asked again', async () => {
    const stopped = createEtcdGateway({ root, port: 1 });
    await expect(stopped.members()).rejects.toMatchObject({ code: 'etcd.unreachable' });
  });
});
