import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tellAgent } from '../adapters/local-api-client.ts';
import { TerminalError } from '../errors.ts';
import { countText } from '../state/count-text.ts';
import type { DrainState } from '../state/drain-state.ts';
import type { KnownLog } from '../state/known-log.ts';
import { writtenSchema } from '../state/local-changes.ts';
import type { NodeId } from '../state/node-id.ts';
import { knownLog } from './known-log.ts';
import { namedNode } from './named-node.ts';
import { progressLine, withProgress } from './with-progress.ts';

interface Options {
  readonly stateDir: string;
  readonly wait?: boolean;
}

const LOOK_AGAIN_MS = 500;

/**
 * Asks for a node to give its pods away, and to take none until `uncordon`; with `wait`, until it is
 * empty. TerminalError `drain.*` when that can not be.
 */
export async function drain(node: string, { stateDir, wait = false }: Options): Promise<void> {
  await ask('/v1/drain', node, stateDir);
  if (wait) return follow(node, stateDir);
  process.stdout.write(`See how far it is with \`civitas drain ${node} --wait\`.\n`);
}

/** Takes that back. TerminalError `drain.not-requested` when nobody asked for it. */
export async function uncordon(node: string, { stateDir }: Options): Promise<void> {
  await ask('/v1/uncordon', node, stateDir);
}

async function ask(path: '/v1/drain' | '/v1/uncordon', node: string, stateDir: string) {
  const asked = tellAgent(join(stateDir, 'agent.sock'), path, { node }, writtenSchema);
  const { revision, summary } = await withProgress('waiting for the log to confirm', asked);
  process.stdout.write(`Revision ${revision}: ${summary}.\n`);
}

async function follow(node: string, stateDir: string): Promise<void> {
  const line = progressLine(process.stderr);
  let told: string | undefined;
  for (;;) {
    const log = await knownLog(stateDir);
    const { nodeId, hostname } = namedNode(node, log);
    const state = drainOf(nodeId, hostname, log);
    line.clear();
    if (state?.state === 'drained') break;
    const why = state?.waiting?.message;
    if (why !== undefined && why !== told) process.stdout.write(`  waiting: ${why}\n`);
    told = why ?? told;
    line.tell(state ? `${countText(state.podsLeft, 'pod')} still there` : 'waiting for its turn');
    await delay(LOOK_AGAIN_MS);
  }
  process.stdout.write(
    `${node} is empty, and takes pods again after \`civitas uncordon ${node}\`.\n`,
  );
}

/** Of the order that follows from what people asked; undefined before there is one. */
function drainOf(
  nodeId: NodeId,
  hostname: string,
  { drains, orders, requests }: KnownLog,
): DrainState | undefined {
  const isAsked = requests.some(({ key, value }) => key === nodeId && value.type === 'drain');
  if (!isAsked) {
    throw new TerminalError(
      'drain.withdrawn',
      `Somebody took it back that ${hostname} gives its pods away: ask again if that was a mistake.`,
    );
  }
  const order = orders.find(({ key, value }) => key === nodeId && value.task === 'drain')?.value;
  const state = drains.find(({ key }) => key === nodeId)?.value;
  return order !== undefined && state?.operationId === order.operationId ? state : undefined;
}
