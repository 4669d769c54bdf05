import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import { failPointOf } from './fail-point.ts';
import { FAIL_POINTS } from './fail-points.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

/** How long after a call an agent dies at most: some die before it takes effect, some after. */
const LATEST_MS = 20;

/** What happens to the agents' processes. */
export const agentFaults = {
  'agent-killed': {
    does: 'SIGKILL to an agent, which starts again when the fault ends',
    begin(fleet, fault) {
      const machines = machinesOf(fleet, fault);
      for (const machine of machines) machine.kill();
      return () => {
        for (const machine of machines) machine.start();
      };
    },
  },
  'agent-killed-at-call': {
    does: 'SIGKILL to whichever agent comes to a certain fail point first, right before or after the call',
    begin(fleet, { amount, lastsMs }) {
      const point = FAIL_POINTS[Math.floor(amount * FAIL_POINTS.length)];
      const forget = fleet.onCall((machine, call, args) => {
        if (failPointOf(call, args) !== point) return;
        forget();
        fleet.recorder.note(machine.hostname, { type: 'fail-point.killed', point });
        killSoon(fleet, machine, lastsMs);
      });
      // It stays armed until all faults are over: a place may be reached only after its own time.
      fleet.recorder.onEntry(({ type }) => {
        if (type === 'script.healed') forget();
      });
      return undefined;
    },
  },
  'agent-paused': {
    does: 'SIGSTOP to an agent, SIGCONT when the fault ends: its connections stay, its clock goes on',
    begin(fleet, fault) {
      const machines = machinesOf(fleet, fault);
      for (const machine of machines) machine.pause();
      return () => {
        for (const machine of machines) machine.resume();
      };
    },
  },
  'agent-stopped': {
    does: 'SIGTERM to an agent, which starts again when the fault ends',
    begin(fleet, fault) {
      const machines = machinesOf(fleet, fault);
      for (const machine of machines) void machine.stop();
      return () => {
        for (const machine of machines) {
          machine.kill();
          machine.start();
        }
      };
    },
  },
  'all-agents-killed': {
    does: 'SIGKILL to every agent at once; all start again when the fault ends',
    begin({ machines }) {
      for (const machine of machines) machine.kill();
      return () => {
        for (const machine of machines) machine.start();
      };
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

/** Before the call takes effect, or a moment later; it starts again after a while. */
function killSoon({ clock, random }: Fleet, machine: Machine, lastsMs: number): void {
  if (random.number() < 0.5) machine.kill();
  else void clock.sleep(random.number() * LATEST_MS).then(machine.kill);
  void clock.sleep(lastsMs + LATEST_MS).then(machine.start);
}
