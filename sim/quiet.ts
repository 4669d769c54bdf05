import { check } from '../src/simulation/checker/check.ts';
import { startFleet } from '../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../src/simulation/fleet/until-whole.ts';

const MACHINES = 5;
const MS_PER_HOUR = 3_600_000;
const MICROSECONDS_PER_MINUTE = 60_000_000;

/**
 * How fast time passes for a cluster that is whole and left alone: what the search's table can not
 * show, as its clusters are always forming or in trouble. The CPU is that of the whole process, the
 * compiler and the judgement of the trace included. Resolves to whether nothing was violated.
 */
export async function measureQuiet(hours: number, print: (line: string) => void): Promise<boolean> {
  const fleet = startFleet({ nodes: MACHINES, seed: 1, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  const before = process.cpuUsage();
  await fleet.clock.advance(hours * MS_PER_HOUR);
  fleet.end();
  const violations = check(fleet.recorder.trace());
  const { user, system } = process.cpuUsage(before);
  const minutes = (user + system) / MICROSECONDS_PER_MINUTE;
  for (const { invariant, sentence } of violations) print(`FAILED ${invariant}: ${sentence}`);
  print(
    `${MACHINES} quiet machines, ${hours} virtual hours in ${minutes.toFixed(2)} minutes of CPU: ${(hours / minutes).toFixed(1)} virtual hours per minute.`,
  );
  return violations.length === 0;
}
