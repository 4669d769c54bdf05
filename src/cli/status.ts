import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askAgent } from '../adapters/local-api-client.ts';
import { type AgentView, agentViewSchema } from '../state/agent-view.ts';
import { paintFor } from './paint.ts';
import { renderStatus } from './render-status.ts';

interface Options {
  readonly stateDir: string;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
  readonly watch?: boolean;
}

const WATCH_MS = 500;

/** Prints what the agent of this machine knows; with `watch` again after each change, until Ctrl-C. */
export async function status(options: Options): Promise<void> {
  const socketPath = join(options.stateDir, 'agent.sock');
  if (!options.watch) {
    process.stdout.write(await render(await ask(socketPath), options.output));
    return;
  }
  let shown = '';
  for (;;) {
    const text = await render(await ask(socketPath), options.output);
    if (text !== shown) process.stdout.write(shown === '' ? text : `\n${text}`);
    shown = text;
    await delay(WATCH_MS);
  }
}

function ask(socketPath: string): Promise<AgentView> {
  return askAgent(socketPath, '/v1/status', agentViewSchema);
}

async function render(view: AgentView, output: Options['output']): Promise<string> {
  if (output === 'json') return `${JSON.stringify(view, null, 2)}\n`;
  if (output === 'yaml') return (await import('./yaml-text.ts')).yamlText(view);
  const paint = paintFor(process.stdout);
  return renderStatus(view, { wide: output === 'wide', paint, wallMs: Date.now() });
}
