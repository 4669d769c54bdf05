import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tellAgent } from '../adapters/local-api-client.ts';
import { TerminalError } from '../errors.ts';
import type { KnownLog } from '../state/known-log.ts';
import { type StayAnswer, stayAnswerSchema } from '../state/local-changes.ts';
import { knownLog } from './known-log.ts';
import { progressLine, withProgress } from './with-progress.ts';

const LOOK_AGAIN_MS = 500;

/**
 * Takes it back that a node leaves, this one unless another one is named; returns once it is certain that
 * it stays. TerminalError `leave.*` when nobody asked, or when it can not be stopped any more.
 */
export async function stay(node: string | undefined, stateDir: string): Promise<void> {
  const socketPath = join(stateDir, 'agent.sock');
  const asked = tellAgent(socketPath, '/v1/stay', node ? { node } : {}, stayAnswerSchema);
  const answer = await withProgress('waiting for the log to confirm', asked);
  process.stdout.write(`Revision ${answer.revision}: ${answer.summary}.\n`);
  const line = progressLine(process.stderr);
  for (;;) {
    const told = whatBecame(answer, await knownLog(stateDir));
    line.clear();
    if (told !== undefined) {
      process.stdout.write(`${told}\n`);
      return;
    }
    line.tell('waiting for its departure to stop');
    await delay(LOOK_AGAIN_MS);
  }
}

/** A sentence once the node stays, undefined before. Throws TerminalError `leave.past-return`. */
export function whatBecame(
  { nodeId, operationId }: Pick<StayAnswer, 'nodeId' | 'operationId'>,
  { nodes, assignments, departures, revision }: KnownLog,
): string | undefined {
  const hostname = nodes.find(({ key }) => key === nodeId)?.value.hostname ?? nodeId;
  const given = assignments.find(({ key }) => key === nodeId)?.value;
  if (given === undefined || given.operationId !== operationId) {
    return `${hostname} stays${given ? ` what it is: a ${given.role}` : ''}.`;
  }
  const departure = departures.find(({ key }) => key === nodeId)?.value;
  if (departure?.operationId !== operationId) return undefined;
  if (departure.state !== 'past-return' && departure.state !== 'done') return undefined;
  throw new TerminalError(
    'leave.past-return',
    `${hostname} can not stay, judged at revision ${revision}: it was taken out of the cluster at that moment. It gets a role again once its host is clean.`,
  );
}
