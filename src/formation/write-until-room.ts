import { isTerminal } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Durable } from '../ports/durable.ts';
import type { Log } from '../ports/log.ts';

const RETRY_MS = 1_000;

/** Resolves once the value is on disk, however long that stays full. Rejects when it fails otherwise. */
export async function writeUntilRoom(
  { clock, durable, log }: { readonly clock: Clock; readonly durable: Durable; readonly log: Log },
  file: string,
  value: unknown,
): Promise<void> {
  for (;;) {
    try {
      return await durable.write(file, value);
    } catch (error) {
      if (isTerminal(error)) throw error;
      log.warn({ event: 'state.write-failed', file, err: error }, 'state write failed');
      await clock.sleep(RETRY_MS);
    }
  }
}
