import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEtcdGateway } from '../../src/adapters/etcd-gateway.ts';
import type { Etcd } from '../../src/ports/etcd.ts';
import { layOutEtcd } from '../support/fake-etcd.ts';
import {
  type Answer,
  type Asked,
  type FakeHttpsServer,
  startHttpsServer,
} from '../support/fake-https-server.ts';
import { tlsOf } from '../support/tls-certificate.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const UNREACHABLE = { code: 'etcd.unreachable', retryable: true };

let root: string;
let server: FakeHttpsServer;
let asked: Asked[];
let answers: Record<string, Answer>;
let etcd: Etcd;

beforeEach(async () => {
  root = await newFolder();
  asked = [];
  answers = {};
  server = await startHttpsServer(tlsOf('etcd', 'server'), (request) => {
    asked.push(request);
    return answers[request.path] ?? { status: 404, body: {} };
  });
  await layOutEtcd(root);
  etcd = createEtcdGateway({ root, port: server.port });
});

afterEach(() => server.stop());

/** As etcd 3.6 answers: 64-bit numbers are strings, what is empty or false is left out. */
function status(memberId: string, more: object = {}): Answer {
  const header = { cluster_id: '7', member_id: memberId, revision: '41', raft_term: '3' };
  const body = {
    header,
    version: '3.6.5',
    dbSize: '20480',
    leader: '255',
    raftIndex: '99',
    raftTerm: '3',
  };
  return { status: 200, body: { ...body, ...more } };
}

const STATUS_OF_FF = {
  id: 'ff',
  leaderId: 'ff',
  raftTerm: 3,
  raftIndex: 99,
  revision: 41,
  databaseBytes: 20_480,
  version: '3.6.5',
  errors: [],
};

describe('what a member says of itself', () => {
  test('is told in our words', async () => {
    answers['/v3/maintenance/status'] = status('255');
    expect(await etcd.ownStatus()).toEqual(STATUS_OF_FF);
  });

  test('without a leader names none, and why', async () => {
    const errors = ['etcdserver: no leader'];
    answers['/v3/maintenance/status'] = status('255', { leader: undefined, errors });
    expect(await etcd.ownStatus()).toEqual({ ...STATUS_OF_FF, leaderId: null, errors });
  });

  test('is undefined of members that do not answer, and of those that never started', async () => {
    const own = `https://127.0.0.1:${server.port}`;
    const members = [
      { ID: '255', name: 'n1', peerURLs: ['https://a:2380'], clientURLs: [own] },
      { ID: '254', name: 'n2', peerURLs: ['https://b:2380'], clientURLs: ['https://127.0.0.1:1'] },
      { ID: '253', peerURLs: ['https://c:2380'], isLearner: true },
    ];
    answers['/v3/cluster/member/list'] = { status: 200, body: { members } };
    answers['/v3/maintenance/status'] = status('255');
    const alarms = [
      { memberID: '255', alarm: 'NOSPACE' },
      { memberID: '254', alarm: 'NONE' },
    ];
    answers['/v3/maintenance/alarm'] = { status: 200, body: { alarms } };
    expect(await etcd.health()).toEqual({
      members: [
        {
          id: 'ff',
          name: 'n1',
          peerUrls: ['https://a:2380'],
          learner: false,
          status: STATUS_OF_FF,
        },
        { id: 'fe', name: 'n2', peerUrls: ['https://b:2380'], learner: false, status: undefined },
        { id: 'fd', name: '', peerUrls: ['https://c:2380'], learner: true, status: undefined },
      ],
      alarms: [{ memberId: 'ff', kind: 'NOSPACE' }],
    });
  });
});

describe('a change of the members', () => {
  test.each<{ path: string; body: object; make: () => Promise<unknown> }>([
    {
      path: '/v3/cluster/member/remove',
      body: { ID: '10376293541461622787' },
      make: () => etcd.removeMember('9000000000000003'),
    },
    {
      path: '/v3/cluster/member/promote',
      body: { ID: '255' },
      make: () => etcd.promoteMember('ff'),
    },
    {
      path: '/v3/cluster/member/update',
      body: { ID: '255', peerURLs: ['https://10.88.0.9:2380'] },
      make: () => etcd.updatePeerUrl('ff', 'https://10.88.0.9:2380'),
    },
  ])('is asked of $path', async ({ path, body, make }) => {
    answers[path] = { status: 200, body: {} };
    expect(await make()).toEqual({ outcome: 'done' });
    expect(asked).toMatchObject([{ method: 'POST', path, body }]);
  });

  test.each([
    { from: 'etcd 3.6', status: 400, body: { code: 9, message: 'etcdserver: no, thanks' } },
    { from: 'etcd 3.5', status: 400, body: { code: 9, error: 'etcdserver: no, thanks' } },
    {
      from: 'one that finds no member',
      status: 404,
      body: { code: 5, message: 'etcdserver: no, thanks' },
    },
  ])('is refused in the words of $from', async ({ status: code, body }) => {
    answers['/v3/cluster/member/remove'] = { status: code, body };
    const text = 'etcdserver: no, thanks';
    expect(await etcd.removeMember('ff')).toEqual({ outcome: 'refused', text });
  });

  test('is refused where the strict check calls the cluster unhealthy', async () => {
    const text = 'etcdserver: unhealthy cluster';
    const body = { code: 14, message: text };
    answers['/v3/cluster/member/remove'] = { status: 503, body };
    expect(await etcd.removeMember('ff')).toEqual({ outcome: 'refused', text });
  });

  test('with a peer URL that is none never reaches etcd, which would panic', async () => {
    const text = 'etcdserver: given member URLs are invalid';
    for (const url of ['nonsense', 'https://10.88.0.9', 'https://a b:2380', 'http://a:2380']) {
      expect(await etcd.updatePeerUrl('ff', url)).toEqual({ outcome: 'refused', text });
    }
    expect(asked).toEqual([]);
  });

  test.each([
    { when: 'it timed out', body: { code: 14, message: 'etcdserver: request timed out' } },
    { when: 'the answer is none of etcd', body: 'page' },
  ])('is to be tried again when $when', async ({ body }) => {
    answers['/v3/cluster/member/remove'] = { status: 503, body };
    await expect(etcd.removeMember('ff')).rejects.toMatchObject(UNREACHABLE);
  });

  test('is impossible where no etcd runs', async () => {
    const elsewhere = createEtcdGateway({ root: await newFolder(), port: server.port });
    await expect(elsewhere.removeMember('ff')).rejects.toMatchObject(UNREACHABLE);
    expect(asked).toEqual([]);
  });

  test('of the leader is asked of the leader, wherever it runs', async () => {
    const leader = await startHttpsServer(tlsOf('etcd', 'leader'), (request) => {
      asked.push(request);
      return { status: 200, body: {} };
    });
    const clientURLs = [`https://127.0.0.1:${leader.port}`];
    const members = [
      { ID: '254', name: 'n2', clientURLs },
      { ID: '255', name: 'n1' },
    ];
    answers['/v3/maintenance/status'] = status('255', { leader: '254' });
    answers['/v3/cluster/member/list'] = { status: 200, body: { members } };
    expect(await etcd.moveLeader('ff')).toEqual({ outcome: 'done' });
    expect(asked.at(-1)).toMatchObject({
      path: '/v3/maintenance/transfer-leadership',
      body: { targetID: '255' },
    });
    await leader.stop();
  });
});

describe('a snapshot', () => {
  const database = Buffer.from('what etcd knows, in two pieces');
  const digest = createHash('sha256').update(database).digest();
  const line = (blob: Buffer) =>
    `${JSON.stringify({ result: { blob: blob.toString('base64') } })}\n`;
  const pieces = [database.subarray(0, 10), database.subarray(10)];
  const path = '/var/lib/civitas/snapshots/etcd.db';

  function stream(...blobs: readonly Buffer[]): void {
    answers['/v3/maintenance/snapshot'] = { status: 200, body: blobs.map(line).join('') };
  }

  test('is the whole stream, its digest at its end, in a file for its owner alone', async () => {
    stream(...pieces, digest);
    const whole = Buffer.concat([database, digest]);
    expect(await etcd.snapshot(path)).toEqual({
      bytes: whole.length,
      sha256: createHash('sha256').update(whole).digest('hex'),
    });
    expect(await readFile(join(root, path))).toEqual(whole);
    expect((await stat(join(root, path))).mode & 0o777).toBe(0o600);
  });

  test.each<{ what: string; blobs: readonly Buffer[] }>([
    { what: 'was cut off', blobs: pieces },
    { what: 'was altered', blobs: [Buffer.from('something else'), digest] },
    { what: 'is empty', blobs: [] },
  ])('that $what leaves no file behind', async ({ blobs }) => {
    stream(...blobs);
    await expect(etcd.snapshot(path)).rejects.toMatchObject(UNREACHABLE);
    expect(await readdir(join(root, '/var/lib/civitas/snapshots'))).toEqual([]);
  });

  test('is to be tried again when etcd gives none', async () => {
    answers['/v3/maintenance/snapshot'] = { status: 503, body: {} };
    await expect(etcd.snapshot(path)).rejects.toMatchObject(UNREACHABLE);
  });
});
