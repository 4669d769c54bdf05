import { type LogCopyAnswer, logCopyAnswer } from '../../src/agent/log-copy-answer.ts';
import { type FleetOptions, startFleet } from '../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../src/simulation/fleet/until-whole.ts';

interface Asked extends FleetOptions {
  /** Machines that lost their power long ago. */
  readonly off?: readonly string[];
}

/** What the agents of a simulated cluster answer to `/v1/log-copy` once it is whole and quiet. */
export async function simulatedAnswer({ off = [], ...options }: Asked): Promise<LogCopyAnswer> {
  const fleet = startFleet(options);
  await untilWhole(fleet);
  for (const hostname of off) fleet.machine(hostname).powerOff();
  await fleet.clock.advance(120_000);
  const records = fleet.machines.map((machine) => machine.agent()?.formation.record());
  const answer = logCopyAnswer(records.find((record) => record) ?? null, fleet.store());
  fleet.end();
  return answer;
}
