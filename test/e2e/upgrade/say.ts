import { expect } from '@jest/globals';
import { civitas } from '../support/machines.ts';

/** A word of people on a rollout, which has to be taken; prints the answer. */
export async function say(
  machine: string,
  word: 'approve' | 'pause' | 'resume' | 'cancel',
  ...planId: readonly string[]
): Promise<void> {
  const { exitCode, stdout, stderr } = await civitas(machine, word, ...planId);
  process.stdout.write(`${stdout}\n`);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
}
