import { type DestinationStream, pino } from 'pino';
import type { Log } from '../ports/log.ts';
import { createLogOutput } from './log-output.ts';

/** What is less severe is not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Field names that hold secrets; what stands under them is never written. */
const SECRET_FIELDS = [
  'token',
  'joinKey',
  'key',
  'privateKey',
  'password',
  'certificateKey',
  'bootstrapToken',
  'kubeconfig',
];

const STANDARD_OUTPUT = 1;

/**
 * One JSON object per line; `bound` fields stand on each. Errors belong under `err`. Nobody waits for
 * whoever reads standard output.
 */
export function createPinoLog(
  level: LogLevel,
  bound: Record<string, string>,
  destination?: DestinationStream,
): Log {
  const options = {
    level,
    base: bound,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '***' },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const tellDropped = (count: number) => {
    log.warn({ event: 'agent.lines-dropped', count }, 'log lines dropped');
  };
  const log: Log = pino(options, destination ?? standardOutput(tellDropped));
  return log;
}

function standardOutput(onDropped: (count: number) => void): DestinationStream {
  return createLogOutput(STANDARD_OUTPUT, {
    onDropped,
    onExit: (callback) => process.once('exit', callback),
    nowMs: () => performance.now(),
  });
}
