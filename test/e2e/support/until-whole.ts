import { nodesSeenFrom } from '../../../lab/cluster-watch.ts';
import { type Expected, troublesOf } from './cluster-check.ts';
import { printDecisions } from './decisions-since.ts';
import { eventually } from './machines.ts';

const DEADLINE_MS = 240_000;

/** Resolves once nothing is amiss in the cluster; prints what was decided meanwhile, and how long all took. */
export async function wholeAfter(
  what: string,
  expected: Expected,
  deadlineMs = DEADLINE_MS,
): Promise<number> {
  const startedWallMs = Date.now();
  const startedMs = performance.now();
  await eventually(
    () => troublesOf(expected),
    (troubles) => troubles.length === 0,
    deadlineMs,
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  await printDecisions(firstOf(expected.machines), startedWallMs);
  process.stdout.write(`${what}: whole after ${seconds.toFixed(1)} s\n`);
  return seconds;
}

/** Host names of the machines in that role, as Kubernetes has them. */
export async function machinesIn(
  role: 'control plane' | 'worker',
  machines: readonly string[],
): Promise<readonly string[]> {
  const nodes = await nodesSeenFrom(machines);
  return nodes.filter((node) => node.role === role).map(({ name }) => name);
}

/** The first of them; a scenario that needs one and has none fails with these words. */
export function firstOf(machines: readonly string[]): string {
  const [first] = machines;
  if (first === undefined) throw new Error('no machine of that kind is there');
  return first;
}
