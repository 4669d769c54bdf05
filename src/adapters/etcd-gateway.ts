import type { Agent } from 'node:https';
import { join } from 'node:path';
import { RetryableError } from '../errors.ts';
import type { Etcd, EtcdChange, EtcdHealth, EtcdMemberStatus } from '../ports/etcd.ts';
import {
  decimal,
  type ListedMember,
  toAlarms,
  toChange,
  toMembers,
  toStatus,
} from './etcd-answers.ts';
import { askEtcd, withEtcd } from './etcd-connection.ts';
import { saveSnapshot } from './etcd-snapshot.ts';

const LIST = '/v3/cluster/member/list';
const STATUS = '/v3/maintenance/status';
const ALARM = '/v3/maintenance/alarm';
const MEMBER_TIMEOUT_MS = 2_000;
/**
 * `member update` takes any text, and every member that applies one it can not parse panics, at each
 * start anew: seen with etcd 3.6.5. So what is no URL is refused here, as `member add` does.
 */
const PEER_URL = /^https:\/\/[\w.:[\]-]+:\d{1,5}$/;

export interface EtcdGatewayDeps {
  /** Stands before the paths of manifest, keys and snapshots, for tests. */
  readonly root: string;
  readonly port: number;
}

/** This host's etcd by its JSON gateway (etcd.io: "Why gRPC gateway"), and the other members by theirs. */
export function createEtcdGateway({ root, port }: EtcdGatewayDeps): Etcd {
  const own = `https://127.0.0.1:${port}`;
  const ask = (agent: Agent, path: string, body: unknown) =>
    askEtcd(agent, new URL(path, own), body);
  const list = async (agent: Agent, origin = own) =>
    toMembers(await askEtcd(agent, new URL(LIST, origin), { linearizable: true }));
  const membersOf = async (agent: Agent, origin = own) =>
    (await list(agent, origin)).map(({ member }) => member);
  const ownStatus = async (agent: Agent) => toStatus(await ask(agent, STATUS, {}));
  const change = (path: string, body: unknown) =>
    needed(withEtcd(root, async (agent) => toChange(await ask(agent, path, body))));

  return {
    members: () => withEtcd(root, (agent) => membersOf(agent)),
    membersAt: (address) =>
      withEtcd(root, (agent) => membersOf(agent, `https://${address}:${port}`)),
    ownStatus: () => withEtcd(root, ownStatus),
    health: () =>
      withEtcd(root, async (agent): Promise<EtcdHealth> => {
        const listed = await list(agent);
        const members = await Promise.all(
          listed.map(async (each) => ({ ...each.member, status: await statusOf(agent, each) })),
        );
        return { members, alarms: toAlarms(await ask(agent, ALARM, { action: 'GET' })) };
      }),
    removeMember: (id) => change('/v3/cluster/member/remove', { ID: decimal(id) }),
    promoteMember: (id) => change('/v3/cluster/member/promote', { ID: decimal(id) }),
    updatePeerUrl: async (id, peerUrl) =>
      PEER_URL.test(peerUrl)
        ? change('/v3/cluster/member/update', { ID: decimal(id), peerURLs: [peerUrl] })
        : { outcome: 'refused', text: 'etcdserver: given member URLs are invalid' },
    moveLeader: (toId) =>
      needed(
        withEtcd(root, async (agent) => {
          const { leaderId } = await ownStatus(agent);
          const leader = (await list(agent)).find(({ member }) => member.id === leaderId);
          return moveLeader(agent, leader?.clientUrls[0] ?? own, toId);
        }),
      ),
    snapshot: (path) =>
      needed(
        withEtcd(root, (agent) =>
          saveSnapshot(agent, new URL('/v3/maintenance/snapshot', own), join(root, path)),
        ),
      ),
  };
}

/** Undefined of a member that does not answer: it is down, cut off, or was never started. */
async function statusOf(
  agent: Agent,
  { clientUrls: [url] }: ListedMember,
): Promise<EtcdMemberStatus | undefined> {
  if (url === undefined) return undefined;
  try {
    return toStatus(await askEtcd(agent, new URL(STATUS, url), {}, MEMBER_TIMEOUT_MS));
  } catch (error) {
    if (error instanceof RetryableError) return undefined;
    throw error;
  }
}

async function moveLeader(agent: Agent, leaderUrl: string, toId: string): Promise<EtcdChange> {
  const url = new URL('/v3/maintenance/transfer-leadership', leaderUrl);
  return toChange(await askEtcd(agent, url, { targetID: decimal(toId) }));
}

async function needed<T>(work: Promise<T | undefined>): Promise<T> {
  const result = await work;
  if (result !== undefined) return result;
  const message = 'This host runs no etcd: ask a control plane.';
  throw new RetryableError('etcd.unreachable', message);
}
