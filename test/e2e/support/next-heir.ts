import { z } from 'zod';
import { civitas } from './machines.ts';
import { firstOf } from './until-whole.ts';

const whyNotSchema = z.object({ hostname: z.string(), place: z.number().nullable() });

/** Whoever of these would take the next place of a control plane, as the cluster itself tells. */
export async function nextHeir(asked: string, machines: readonly string[]): Promise<string> {
  const answers = await Promise.all(machines.map((machine) => placeOf(asked, machine)));
  return firstOf(answers.filter(({ place }) => place === 1).map(({ hostname }) => hostname));
}

async function placeOf(asked: string, machine: string) {
  const { stdout } = await civitas(asked, 'why-not', 'promote', machine, '-o', 'json');
  return whyNotSchema.parse(JSON.parse(stdout));
}
