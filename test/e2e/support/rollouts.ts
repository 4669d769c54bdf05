import { z } from 'zod';
import { civitas } from './machines.ts';

const plansSchema = z.object({
  rollouts: z.array(
    z.object({
      planId: z.string(),
      action: z.string(),
      releases: z.array(z.string()),
      state: z.string(),
      waiting: z.object({ reason: z.string(), message: z.string() }).nullable(),
      startedWallMs: z.number().nullable(),
      endedWallMs: z.number().nullable(),
      steps: z.array(
        z.object({
          stage: z.string(),
          hostname: z.string(),
          state: z.string(),
          startedWallMs: z.number().nullable(),
          endedWallMs: z.number().nullable(),
          doing: z.string().nullable(),
        }),
      ),
    }),
  ),
});

/** A rollout as `civitas plan` tells it. */
export type RolloutTold = z.infer<typeof plansSchema>['rollouts'][number];

/** The newest rollout that ends with that release; undefined before there is one. */
export async function rolloutTo(
  machine: string,
  release: string,
): Promise<RolloutTold | undefined> {
  return (await rollouts(machine)).findLast(({ releases }) => releases.at(-1) === release);
}

/** All that do that, oldest first. */
export async function rolloutsThat(
  machine: string,
  action: RolloutTold['action'],
): Promise<readonly RolloutTold[]> {
  return (await rollouts(machine)).filter((each) => each.action === action);
}

async function rollouts(machine: string): Promise<readonly RolloutTold[]> {
  const { exitCode, stdout, stderr } = await civitas(machine, 'plan', '-o', 'json');
  if (exitCode !== 0)
    throw new Error(`${machine}: \`civitas plan\` ended with ${exitCode}: ${stderr}`);
  return plansSchema.parse(JSON.parse(stdout)).rollouts;
}

/** Seconds that each node was worked on, by host name and stage; steps that did not end are left out. */
export function secondsOf({
  steps,
}: RolloutTold): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const nodes = new Map<string, Map<string, number>>();
  for (const { hostname, stage, startedWallMs, endedWallMs } of steps) {
    if (startedWallMs === null || endedWallMs === null) continue;
    const stages = nodes.get(hostname) ?? new Map<string, number>();
    stages.set(stage, (stages.get(stage) ?? 0) + (endedWallMs - startedWallMs) / 1_000);
    nodes.set(hostname, stages);
  }
  return nodes;
}
