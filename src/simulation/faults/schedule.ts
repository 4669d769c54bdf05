import type { Fleet } from '../fleet/fleet.ts';
import type { Fault } from './fault.ts';
import { faultEffects } from './kinds.ts';

/** Lets every fault happen at its time; resolves once the last of them is over. */
export async function schedule(fleet: Fleet, faults: readonly Fault[]): Promise<void> {
  await Promise.all(faults.map((fault) => happen(fleet, fault)));
}

async function happen(fleet: Fleet, fault: Fault): Promise<void> {
  const { clock, recorder } = fleet;
  const { kind, atMs, lastsMs, hosts } = fault;
  await clock.sleep(atMs - clock.nowMs());
  const detail = `${hosts.join(', ')} for ${Math.round(lastsMs)} ms`;
  recorder.note(hosts[0] ?? '*', { type: 'fault.begun', fault: kind, detail });
  const end = faultEffects[kind].begin(fleet, fault);
  await clock.sleep(lastsMs);
  end?.();
  recorder.note(hosts[0] ?? '*', { type: 'fault.ended', fault: kind, detail });
}
