import type { Ports } from '../../ports/index.ts';
import { answered } from './answer.ts';
import type { Job } from './job.ts';
import { sinceMs } from './looks.ts';
import type { Memory } from './memory.ts';

/** What the controller manager that leads said last; `silent` where there is none, or nobody answers. */
type LeaderWord = number | 'silent' | 'not-asked';

/** States in which a host watches whether all is whole. */
const WATCHES: readonly Job['progress']['state'][] = ['verifying', 'settling'];

export async function leaderWord(
  { kube }: Ports,
  job: Job | undefined,
  isControlPlane: boolean,
): Promise<LeaderWord> {
  if (!isControlPlane || !job || !WATCHES.includes(job.progress.state)) return 'not-asked';
  return (await answered(kube.controllerManagerRenewedWallMs())) ?? 'silent';
}

/** The word as something that is seen: clocks of two machines are not compared. */
export function leaderSighting(word: LeaderWord): string {
  return `leader ${word}`;
}

/** For how long nothing new has been heard of it. */
export function leaderlessForMs(memory: Memory, word: LeaderWord, nowMs: number): number {
  if (word === 'not-asked') return 0;
  return word === 'silent'
    ? Number.POSITIVE_INFINITY
    : sinceMs(memory, leaderSighting(word), nowMs);
}
