import type { Bucket } from '../../ports/bucket.ts';
import type { Ports } from '../../ports/index.ts';
import type { StoreHandle } from '../../ports/store.ts';
import { createCopyKeeper, readCopy } from './copy-keeper.ts';
import { createStore } from './store.ts';

/**
 * The store of an agent: what its disk has of this log at once, and the log itself as soon as it
 * answers. Rejects only with `state.disk`: then nothing of this agent's disk can be trusted.
 */
export async function openStore(
  bucket: Bucket,
  logName: string,
  ports: Pick<Ports, 'clock' | 'durable' | 'log'>,
): Promise<StoreHandle> {
  const records = await readCopy(logName, ports);
  return createStore({ bucket, records, keeper: createCopyKeeper(logName, ports) });
}
