import { hostOfMember } from '../etcd-cluster.ts';
import { heldFor } from '../held-for.ts';
import { canTalk } from '../network.ts';
import { ETCD_DATA, manifestPath, PKI } from '../paths.ts';
import { namesAddress } from '../pki.ts';
import { randomHex } from '../seeded-random.ts';
import { createCluster, type SimulatedCluster } from '../simulated-cluster.ts';
import { putFile, readFile } from '../simulated-disk.ts';
import type { HostRuntime, PoweredHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { poweredHosts, record, type WorldState } from '../world-state.ts';

type Identity = NonNullable<HostRuntime['etcd']>;

/** Starts etcd in its pod, again and again until it can serve; stops it when it was removed. */
export function runEtcd(world: WorldState): void {
  for (const host of poweredHosts(world)) {
    const { runtime } = host;
    const next = nextIdentity(world, host);
    if (next === runtime.etcd) continue;
    runtime.etcd = next;
    world.changes += 1;
  }
}

function nextIdentity(world: WorldState, host: PoweredHost): Identity | undefined {
  const { runtime } = host;
  const started = heldFor(
    world,
    `${host.name}/etcd-process`,
    runtime.pods.has('etcd') && hasItsAddress(host),
    TIMINGS.etcdStartMs,
  );
  if (!started) return undefined;
  if (runtime.etcd) return isMember(world, runtime.etcd) ? runtime.etcd : undefined;
  return fromDisk(world, host);
}

/** etcd ends at once where it can not listen for its peers, and these refuse one whose leaf is for another address. */
function hasItsAddress({ address, disk }: PoweredHost): boolean {
  const manifest = readFile(disk, manifestPath('etcd')) ?? '';
  const peerUrl = flag(manifest, 'initial-advertise-peer-urls');
  if (peerUrl === undefined) return true;
  const isNamed = namesAddress(readFile(disk, `${PKI}/etcd/peer.crt`), address);
  return isNamed && peerUrl.includes(`//${address}:`);
}

function fromDisk(world: WorldState, host: PoweredHost): Identity | undefined {
  const stored = readFile(host.disk, ETCD_DATA);
  if (stored !== undefined) {
    const identity = JSON.parse(stored) as Identity;
    // A removed member finds its removal in the log of the others and ends for good.
    return isMember(world, identity) ? identity : undefined;
  }
  const manifest = readFile(host.disk, manifestPath('etcd'));
  if (manifest === undefined) return undefined;
  const name = flag(manifest, 'name') ?? host.name;
  const peerUrl = flag(manifest, 'initial-advertise-peer-urls') ?? '';
  return flag(manifest, 'initial-cluster-state') === 'existing'
    ? joinCluster(world, host, { name, peerUrl })
    : foundCluster(world, host, { name, peerUrl });
}

function foundCluster(
  world: WorldState,
  host: PoweredHost,
  own: { name: string; peerUrl: string },
) {
  const clusterId = randomHex(world.random, 16);
  const memberId = randomHex(world.random, 16);
  const cluster = createCluster(clusterId, {
    id: memberId,
    ...own,
    learner: false,
    raftTerm: 1,
    raftIndex: 1,
    revision: 1,
  });
  world.clusters.set(clusterId, cluster);
  record(world, host.name, 'cluster.founded', clusterId);
  return remember(world, host, { clusterId, memberId });
}

function joinCluster(world: WorldState, host: PoweredHost, own: { name: string; peerUrl: string }) {
  for (const cluster of world.clusters.values()) {
    const member = cluster.etcd.members.find(({ peerUrl }) => peerUrl === own.peerUrl);
    // A member that started before and lost its data must not vote again: etcd panics.
    if (member?.name !== '' || !hearsMembers(world, cluster, host)) continue;
    member.name = own.name;
    return remember(world, host, { clusterId: cluster.id, memberId: member.id });
  }
  return undefined;
}

function hearsMembers(world: WorldState, cluster: SimulatedCluster, host: PoweredHost): boolean {
  return cluster.etcd.members.some((member) => {
    const other = hostOfMember(world, member);
    return other !== undefined && canTalk(world, host, other);
  });
}

function remember(world: WorldState, host: PoweredHost, identity: Identity): Identity {
  const nowMs = world.clock.nowMs();
  const content = JSON.stringify(identity);
  putFile(host.disk, ETCD_DATA, { content, mode: 0o600, nowMs, synced: true });
  return identity;
}

function isMember(world: WorldState, { clusterId, memberId }: Identity): boolean {
  const members = world.clusters.get(clusterId)?.etcd.members ?? [];
  return members.some(({ id }) => id === memberId);
}

function flag(manifest: string, name: string): string | undefined {
  return manifest.match(new RegExp(`--${name}=(\\S+)`))?.[1];
}
