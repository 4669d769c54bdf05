import { z } from 'zod';
import { civitas } from './machines.ts';

const historySchema = z.object({
  events: z.array(z.object({ wallMs: z.number(), action: z.string(), summary: z.string() })),
});

/** Prints what the cluster decided from that moment on, each with the seconds since. */
export async function printDecisions(machine: string, sinceWallMs: number): Promise<void> {
  const { stdout } = await civitas(machine, 'history', '-o', 'json');
  const { events } = historySchema.parse(JSON.parse(stdout));
  for (const { wallMs, action, summary } of events) {
    if (wallMs < sinceWallMs) continue;
    const seconds = ((wallMs - sinceWallMs) / 1_000).toFixed(1);
    process.stdout.write(`${seconds.padStart(7)} s  ${action}: ${summary}\n`);
  }
}
