import { describe, expect, test } from '@jest/globals';
import { createPinoLog } from '../../src/adapters/pino-log.ts';

function written(work: (log: ReturnType<typeof createPinoLog>) => void): unknown[] {
  const lines: unknown[] = [];
  work(
    createPinoLog(
      'info',
      { node: 'n1' },
      { write: (line: string) => lines.push(JSON.parse(line)) },
    ),
  );
  return lines;
}

describe('pino log', () => {
  test('writes one object per line, with the error and its cause', () => {
    const err = new RangeError('too far');
    const lines = written((log) => log.warn({ event: 'node.lost', err }, 'node lost'));
    expect(lines).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        node: 'n1',
        event: 'node.lost',
        err: expect.objectContaining({ type: 'RangeError', message: 'too far' }),
        msg: 'node lost',
      },
    ]);
  });

  test('keeps quiet below its level', () => {
    expect(written((log) => log.debug({ event: 'node.seen' }, 'node seen'))).toEqual([]);
  });

  test('never writes what stands under the name of a secret', () => {
    const secrets = {
      token: 'CANARY',
      joinKey: 'CANARY',
      nested: { key: 'CANARY', password: 'CANARY' },
    };
    const lines = written((log) => log.info({ event: 'node.met', ...secrets }, 'node met'));
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });
});
