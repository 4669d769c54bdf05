import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { askAgent } from '../adapters/local-api-client.ts';
import { TerminalError } from '../errors.ts';
import { agentViewSchema } from '../state/agent-view.ts';
import { decodeToken } from '../state/token.ts';
import { numberBetween } from './number-between.ts';
import { readText } from './read-text.ts';

/** Where size and policy come from, as it was typed. */
export interface ScopeOptions {
  readonly nodes?: string;
  readonly controlPlanes?: string;
  readonly size?: string;
  readonly tokenFile?: string;
  readonly stateDir: string;
}

/** Size and policy, not checked yet. */
export interface Wanted {
  readonly nodes: number;
  readonly controlPlanes: number;
  readonly size: number | undefined;
}

/** More nodes than that have more states than any machine has memory. */
export const MOST_NODES = 5;
const MAX_TOKEN_LENGTH = 65_536;

/** As typed, else as the token says, else as the agent of this machine does. */
export async function wantedOf(options: ScopeOptions): Promise<Wanted> {
  const { tokenFile, stateDir } = options;
  if (options.nodes !== undefined || options.controlPlanes !== undefined) return typed(options);
  if (tokenFile !== undefined) return wantedByToken(tokenFile);
  return wantedByAgent(stateDir);
}

async function wantedByAgent(stateDir: string): Promise<Wanted> {
  const view = await askAgent(join(stateDir, 'agent.sock'), '/v1/status', agentViewSchema);
  const { wanted } = view.controlPlanes;
  if (wanted > 0) {
    return {
      nodes: Math.max(view.nodes.length, wanted),
      controlPlanes: wanted,
      size: undefined,
    };
  }
  throw new TerminalError(
    'verify.no-cluster',
    'The agent of this machine knows no cluster yet: say --nodes and --control-planes, or --token-file.',
  );
}

function typed({ nodes: nodesText = '3', controlPlanes, size }: ScopeOptions): Wanted {
  const nodes = numberBetween('--nodes', nodesText, 1, MOST_NODES);
  return {
    nodes,
    controlPlanes:
      controlPlanes === undefined
        ? Math.min(3, nodes < 3 ? 1 : 3)
        : numberBetween('--control-planes', controlPlanes, 0, MOST_NODES),
    size: size === undefined ? undefined : numberBetween('--size', size, 1, MOST_NODES),
  };
}

async function wantedByToken(file: string): Promise<Wanted> {
  const text = await readText(file, MAX_TOKEN_LENGTH).catch((cause: unknown) => {
    const message = `The token file ${file} can not be read: check the path and its permissions.`;
    throw new TerminalError('cli.no-token-file', message, { cause });
  });
  const { expectedNodes, spec } = decodeToken(text, (data) =>
    createHash('sha256').update(data).digest(),
  );
  return { nodes: expectedNodes, controlPlanes: spec.controlPlanes, size: spec.size };
}
