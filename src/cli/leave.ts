import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askAgent, tellAgent } from '../adapters/local-api-client.ts';
import { type LeaveItem, type LeaveView, leaveViewSchema } from '../state/leave-view.ts';
import { writtenSchema } from '../state/local-changes.ts';
import { type Paint, paintFor } from './paint.ts';
import { stay } from './stay.ts';
import { progressLine, withProgress } from './with-progress.ts';

interface Options {
  readonly stateDir: string;
  readonly wait?: boolean;
  /** Takes it back: true for this node, or the name of another one. */
  readonly cancel?: boolean | string;
}

const LOOK_AGAIN_MS = 500;

/**
 * Asks for this node to give its place up for good; with `wait`, until each part of it is seen to be
 * gone; with `cancel`, for a node to stay after all. TerminalError `leave.*` when the cluster could not
 * do without it, or could not keep it any more.
 */
export async function leave({ stateDir, wait = false, cancel = false }: Options): Promise<void> {
  if (cancel !== false) return stay(cancel === true ? undefined : cancel, stateDir);
  const socketPath = join(stateDir, 'agent.sock');
  const asked = tellAgent(socketPath, '/v1/leave', {}, writtenSchema);
  const { revision, summary } = await withProgress('waiting for the log to confirm', asked);
  process.stdout.write(`Revision ${revision}: ${summary}.\n`);
  if (!wait) {
    process.stdout.write('See how far it is with `civitas leave --wait`.\n');
    return;
  }
  await follow(socketPath);
}

async function follow(socketPath: string): Promise<void> {
  const paint = paintFor(process.stdout);
  const line = progressLine(process.stderr);
  let told = '';
  for (;;) {
    const view = await askAgent(socketPath, '/v1/leave', leaveViewSchema);
    const text = renderLeaving(view, paint);
    line.clear();
    process.stdout.write(newLines(told, text));
    told = text;
    if (hasLeft(view)) break;
    line.tell(openItems(view));
    await delay(LOOK_AGAIN_MS);
  }
  process.stdout.write(
    'This machine has left: stop civitas on it, or wipe it to let it come as another node.\n',
  );
}

/** What is done so far, and what it waits for. */
export function renderLeaving({ items, waiting }: LeaveView, paint: Paint): string {
  const done = items.filter((item) => item.done).map((item) => itemLine(item, paint));
  const wait = waiting === null ? [] : [`  ${paint('yellow', 'waiting')}: ${waiting}\n`];
  return [...done, ...wait].join('');
}

/** Lines that were not there before. */
export function newLines(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  const lines = after.split('\n').filter((line) => line !== '' && !known.has(line));
  return lines.map((line) => `${line}\n`).join('');
}

function hasLeft({ items }: LeaveView): boolean {
  return items.every(({ done }) => done);
}

function itemLine({ name, message }: LeaveItem, paint: Paint): string {
  return `  ${paint('green', 'done')} ${name}: ${message}\n`;
}

function openItems({ items }: LeaveView): string {
  const open = items.filter(({ done }) => !done).map(({ name, message }) => `${name} (${message})`);
  return `waiting for ${open.join(', ')}`;
}
