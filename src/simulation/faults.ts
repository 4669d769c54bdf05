import { forgetHeld } from './held-for.ts';
import { cutKey } from './network.ts';
import { endUnit } from './ports/operations.ts';
import { settle } from './settle.ts';
import { emptyDisk, loseUnsynced } from './simulated-disk.ts';
import { type ArmedFailure, freshRuntime } from './simulated-host.ts';
import { hostNamed, record, type WorldState } from './world-state.ts';

const KILLED = 137;

export function boot(world: WorldState, hostname: string): void {
  const host = hostNamed(world, hostname);
  if (host.runtime) return;
  host.runtime = freshRuntime(host);
  record(world, hostname, 'power.on', '');
  settle(world);
}

export function powerOff(world: WorldState, hostname: string, unsynced: 'kept' | 'lost'): void {
  const host = hostNamed(world, hostname);
  if (!host.runtime) return;
  for (const unit of host.runtime.units.values()) unit.abort.abort();
  host.runtime = undefined;
  forgetHeld(world, hostname);
  if (unsynced === 'lost') loseUnsynced(host.disk, world.clock.nowMs());
  record(world, hostname, 'power.cut', `unsynced files ${unsynced}`);
  settle(world);
}

export function wipe(world: WorldState, hostname: string): void {
  powerOff(world, hostname, 'lost');
  hostNamed(world, hostname).disk = emptyDisk();
  record(world, hostname, 'disk.wiped', '');
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

export function killOperation(world: WorldState, hostname: string, name: string): void {
  const unit = hostNamed(world, hostname).runtime?.units.get(name);
  if (unit) endUnit(world, hostname, unit, KILLED);
}

export function failNext(world: WorldState, hostname: string, failure: ArmedFailure): void {
  const host = hostNamed(world, hostname);
  host.armed = [...host.armed, failure];
}
