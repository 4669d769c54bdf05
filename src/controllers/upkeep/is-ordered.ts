import type { Progress } from '../../state/rollout.ts';
import type { World } from './world.ts';

/** Whether the order of a step stands, or whoever carries it out told of it. */
export function isOrdered(
  { operationId }: Pick<Progress['steps'][number], 'operationId'>,
  { observed }: World,
): boolean {
  const { orders, upkeeps, certificates } = observed;
  const works = [...upkeeps, ...certificates].flatMap(({ value }) => value.work ?? []);
  const stands = orders.some(({ value }) => value.operationId === operationId);
  return stands || works.some((each) => each.operationId === operationId);
}
