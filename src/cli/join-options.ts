import { isIP } from 'node:net';
import { parseStaticPeer } from '../adapters/static-discovery.ts';
import type { AgentOptions } from '../agent/agent-options.ts';
import { TerminalError } from '../errors.ts';
import { LOG_PORTS } from '../state/log-ports.ts';
import { nodeSchema } from '../state/node.ts';
import { namedOnce } from './named-once.ts';
import { readText } from './read-text.ts';

/** `civitas join` as it was typed. */
export interface JoinOptions {
  readonly tokenFile: string;
  readonly stateDir: string;
  readonly peer?: readonly string[];
  readonly address?: string;
  readonly hostname?: string;
  readonly port: string;
  readonly logPortBase: string;
  readonly zone: string;
  readonly label?: readonly string[];
  readonly logLevel: AgentOptions['logLevel'];
  readonly simulatedWorld?: string;
}

const MAX_TOKEN_LENGTH = 65_536;
const LARGEST_BASE = 65_535 - LOG_PORTS;

/** Reads the token file and checks every option; TerminalError `cli.*` before anything is changed. */
export async function parseJoinOptions(options: JoinOptions): Promise<AgentOptions> {
  return {
    ...parsePorts(options),
    address: parseAddress(options.address),
    hostname: parseHostname(options.hostname),
    zone: parseZone(options.zone),
    labels: namedOnce('--label', (options.label ?? []).map(parseLabel)),
    peers: (options.peer ?? []).map(parseStaticPeer),
    stateDir: options.stateDir,
    logLevel: options.logLevel,
    simulatedWorld: options.simulatedWorld,
    token: await readToken(options.tokenFile),
  };
}

/** TerminalError `cli.no-token-file` when there is no such file; the text is not checked yet. */
export async function readToken(file: string): Promise<string> {
  try {
    return await readText(file, MAX_TOKEN_LENGTH);
  } catch (cause) {
    const message = `The token file ${file} can not be read: check the path and its permissions.`;
    throw new TerminalError('cli.no-token-file', message, { cause });
  }
}

function parsePorts(options: JoinOptions): Pick<AgentOptions, 'port' | 'logPortBase'> {
  const port = parsePort('--port', options.port);
  const logPortBase = parsePort('--log-port-base', options.logPortBase);
  if (port < logPortBase || port >= logPortBase + LOG_PORTS) return { port, logPortBase };
  const message = `--port ${port} is wrong: it is one of the ${LOG_PORTS} ports from --log-port-base ${logPortBase}, so choose another for one of them.`;
  throw new TerminalError('cli.bad-port', message);
}

function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= LARGEST_BASE) return port;
  throw new TerminalError(
    'cli.bad-port',
    `${option} ${text} is wrong: say a port from 1 to ${LARGEST_BASE}.`,
  );
}

function parseAddress(text: string | undefined): string | undefined {
  if (text === undefined || isIP(text) !== 0) return text;
  throw new TerminalError(
    'cli.bad-address',
    `--address ${text} is wrong: say an IP address of this machine.`,
  );
}

function parseHostname(text: string | undefined): string | undefined {
  if (text === undefined || nodeSchema.shape.hostname.safeParse(text.toLowerCase()).success) {
    return text;
  }
  throw new TerminalError(
    'cli.bad-hostname',
    `--hostname ${text} is wrong: say a name of at most 63 letters, digits, dots and hyphens.`,
  );
}

function parseZone(text: string): string {
  if (nodeSchema.shape.zone.safeParse(text).success) return text;
  throw new TerminalError('cli.bad-zone', `--zone ${text} is wrong: say at most 63 characters.`);
}

function parseLabel(text: string): [string, string] {
  const [key = '', ...values] = text.split('=');
  const value = values.join('=');
  const isLabel = nodeSchema.shape.labels.safeParse({ [key]: value }).success;
  if (key !== '' && values.length > 0 && isLabel) return [key, value];
  throw new TerminalError('cli.bad-label', `--label ${text} is wrong: say key=value.`);
}
