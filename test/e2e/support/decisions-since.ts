import { z } from 'zod';
import { civitas } from './machines.ts';

const historySchema = z.object({
  events: z.array(
    z.object({
      wallMs: z.number(),
      action: z.string(),
      hostname: z.string().nullable(),
      summary: z.string(),
    }),
  ),
});

/** Something that the cluster decided. */
export type Decision = z.infer<typeof historySchema>['events'][number];

/** What the cluster decided from that moment on, in the order of the log. */
export async function decisionsSince(
  machine: string,
  sinceWallMs: number,
): Promise<readonly Decision[]> {
  const { stdout } = await civitas(machine, 'history', '-o', 'json');
  const { events } = historySchema.parse(JSON.parse(stdout));
  return events.filter(({ wallMs }) => wallMs >= sinceWallMs);
}

/** The same as lines, each with the seconds since. */
export async function printDecisions(machine: string, sinceWallMs: number): Promise<void> {
  for (const { wallMs, action, summary } of await decisionsSince(machine, sinceWallMs)) {
    const seconds = ((wallMs - sinceWallMs) / 1_000).toFixed(1);
    process.stdout.write(`${seconds.padStart(7)} s  ${action}: ${summary}\n`);
  }
}
