import { z } from 'zod';
import { CivitasError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { type LogRecord, recordSchema } from '../../state/log-copy.ts';

const FILE = 'log-copy';
/** The state changes in bursts, and the copy may lag: it is only read when the log is not there. */
const WRITE_EVERY_MS = 1_000;
const RETRY_MS = 10_000;
/** Far above the few thousand keys of the largest cluster. */
const MAX_RECORDS = 100_000;

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Name of the log: revisions of another epoch mean nothing in this one. */
  log: z.string().max(100),
  records: z.array(recordSchema).max(MAX_RECORDS),
});

type CopyPorts = Pick<Ports, 'clock' | 'durable' | 'log'>;

/** Keeps the whole log on this node's disk, for when the log cannot be asked or has to be founded anew. */
export interface CopyKeeper {
  /** Begins to write what `records` gives, whenever it changed. */
  start(records: () => readonly LogRecord[]): void;
  changed(): void;
  /** Resolves once the latest state is on disk. */
  stop(): Promise<void>;
}

/**
 * What this node kept of that log; nothing when it kept another epoch's. A damaged copy is told
 * and left in quarantine, and is no reason not to start: all of it comes back from the log.
 */
export async function readCopy(logName: string, ports: CopyPorts): Promise<readonly LogRecord[]> {
  try {
    const file = await ports.durable.read(FILE, fileSchema);
    return file?.log === logName ? file.records : [];
  } catch (err) {
    if (!(err instanceof CivitasError) || err.code !== 'state.corrupted') throw err;
    ports.log.warn({ event: 'log-copy.quarantined', err }, 'log copy quarantined');
    return [];
  }
}

export function createCopyKeeper(logName: string, { clock, durable, log }: CopyPorts): CopyKeeper {
  const stopping = new AbortController();
  let wake = (): void => undefined;
  let dirty = false;
  let running = Promise.resolve();

  async function write(records: readonly LogRecord[]): Promise<number> {
    dirty = false;
    try {
      await durable.write(FILE, { version: 1, log: logName, records });
      return WRITE_EVERY_MS;
    } catch (err) {
      dirty = true;
      log.warn({ event: 'log-copy.not-written', err }, 'log copy not written');
      return RETRY_MS;
    }
  }

  async function run(records: () => readonly LogRecord[]): Promise<void> {
    while (!stopping.signal.aborted) {
      const pauseMs = dirty ? await write(records()) : WRITE_EVERY_MS;
      await clock.sleep(pauseMs, stopping.signal);
      if (!dirty) await untilChanged();
    }
    if (dirty) await write(records());
  }

  /** A quiet cluster costs no timer. */
  function untilChanged(): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  return {
    start(records) {
      running = run(records);
    },
    changed() {
      dirty = true;
      wake();
    },
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
}
