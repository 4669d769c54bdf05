import type { EtcdAlarm } from '../ports/etcd.ts';
import { forgetHeld } from './held-for.ts';
import { cutKey } from './network.ts';
import { endUnit } from './ports/operations.ts';
import { settle } from './settle.ts';
import { emptyDisk, emptyFolder, loseUnsynced } from './simulated-disk.ts';
import { type ArmedFailure, type BreakablePart, freshRuntime } from './simulated-host.ts';
import { hostNamed, record, type WorldState } from './world-state.ts';

const KILLED = 137;
/** A file system that is made anew at each boot. */
const IN_MEMORY = '/run';

export function boot(world: WorldState, hostname: string): void {
  const host = hostNamed(world, hostname);
  if (host.runtime) return;
  host.boots += 1;
  host.runtime = freshRuntime(host);
  record(world, hostname, 'power.on', '');
  settle(world);
}

/**
 * What a power cut does to files without fsync: all are kept, all are lost, or each is lost, empty or
 * kept by itself.
 */
export type Unsynced = 'kept' | 'lost' | 'torn';

export function powerOff(world: WorldState, hostname: string, unsynced: Unsynced): void {
  const host = hostNamed(world, hostname);
  if (!host.runtime) return;
  for (const unit of host.runtime.units.values()) unit.abort.abort();
  host.runtime = undefined;
  forgetHeld(world, hostname);
  emptyFolder(host.disk, IN_MEMORY);
  if (unsynced === 'lost') loseUnsynced(host.disk, world.clock.nowMs());
  if (unsynced === 'torn') {
    loseUnsynced(host.disk, world.clock.nowMs(), () => drawRemains(world));
  }
  record(world, hostname, 'power.cut', `unsynced files ${unsynced}`);
  settle(world);
}

function drawRemains({ random }: WorldState) {
  return (['old', 'empty', 'new'] as const)[Math.floor(random.number() * 3)] ?? 'old';
}

export function wipe(world: WorldState, hostname: string): void {
  powerOff(world, hostname, 'lost');
  hostNamed(world, hostname).disk = emptyDisk();
  record(world, hostname, 'disk.wiped', '');
}

export function renumber(world: WorldState, hostname: string, address: string): void {
  const host = hostNamed(world, hostname);
  host.formerAddresses.add(host.address);
  host.address = address;
  world.changes += 1;
  record(world, hostname, 'address.changed', address);
  settle(world);
}

export function cut(
  world: WorldState,
  from: string,
  to: string,
  direction: 'both' | 'one-way',
): void {
  for (const name of [from, to]) hostNamed(world, name);
  world.cuts.add(cutKey(from, to));
  if (direction === 'both') world.cuts.add(cutKey(to, from));
  record(world, from, 'network.cut', to);
  settle(world);
}

/** Between two hosts, of one host, or everywhere. */
export function heal(world: WorldState, a: string | undefined, b: string | undefined): void {
  const meant = (key: string) =>
    [a, b].every((name) => name === undefined || key.split('>').includes(name));
  for (const key of world.cuts) if (meant(key)) world.cuts.delete(key);
  record(world, a ?? '*', 'network.healed', b ?? '*');
  settle(world);
}

export function setWallOffset(world: WorldState, hostname: string, offsetMs: number): void {
  hostNamed(world, hostname).wallOffsetMs = offsetMs;
  record(world, hostname, 'clock.set', String(offsetMs));
  settle(world);
}

export function killOperation(world: WorldState, hostname: string, name: string): void {
  const unit = hostNamed(world, hostname).runtime?.units.get(name);
  if (unit) endUnit(world, hostname, unit, KILLED);
}

/** An alarm that etcd on this host raised; the whole cluster obeys it. */
export function raiseAlarm(world: WorldState, hostname: string, kind: EtcdAlarm['kind']): void {
  const { etcd } = hostNamed(world, hostname).runtime ?? {};
  const cluster = world.clusters.get(etcd?.clusterId ?? '');
  if (!cluster || !etcd) throw new Error(`simulation: no etcd runs on ${hostname}`);
  cluster.etcd.alarms = [...cluster.etcd.alarms, { memberId: etcd.memberId, kind }];
  record(world, hostname, 'alarm.raised', kind);
  settle(world);
}

export function clearAlarms(world: WorldState, hostname: string): void {
  const { etcd } = hostNamed(world, hostname).runtime ?? {};
  const cluster = world.clusters.get(etcd?.clusterId ?? '');
  if (!cluster) return;
  cluster.etcd.alarms = [];
  record(world, hostname, 'alarm.cleared', '');
  settle(world);
}

export function breakPart(world: WorldState, hostname: string, part: BreakablePart): void {
  hostNamed(world, hostname).broken.add(part);
  world.changes += 1;
  settle(world);
}

export function mendPart(world: WorldState, hostname: string, part: BreakablePart): void {
  hostNamed(world, hostname).broken.delete(part);
  world.changes += 1;
  settle(world);
}

export function failNext(world: WorldState, hostname: string, failure: ArmedFailure): void {
  const host = hostNamed(world, hostname);
  host.armed = [...host.armed, failure];
}
