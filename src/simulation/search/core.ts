import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import { createSeededRandom } from '../seeded-random.ts';

/**
 * A quorum of the machines that the token expects, with a quorum of the newest log's replicas among
 * them: what is enough to go on for ever, drawn from the seed.
 */
export function coreOf({ machines, logs, recorder }: Fleet, seed: number): readonly Machine[] {
  const random = createSeededRandom(seed);
  const rest = [...machines];
  const core: Machine[] = [];
  const { expectedNodes } = recorder.trace().header;
  const isEnough = () =>
    core.length > expectedNodes / 2 &&
    (logs.newest()?.hasQuorumOn(core.map(({ hostname }) => hostname)) ?? true);
  while (rest.length > 0 && !isEnough()) {
    core.push(...rest.splice(Math.floor(random.number() * rest.length), 1));
  }
  return core;
}
