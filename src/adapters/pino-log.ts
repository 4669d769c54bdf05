import { type DestinationStream, pino } from 'pino';
import type { Log } from '../ports/log.ts';

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

/** One JSON object per line; `bound` fields stand on each. Errors belong under `err`. */
export function createPinoLog(
  level: LogLevel,
  bound: Record<string, string>,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Log {
  const options = {
    level,
    base: bound,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '***' },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, destination);
}
