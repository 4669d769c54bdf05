import type { StoreHandle } from '../ports/store.ts';
import { createStore } from '../runtime/log/store.ts';
import type { MemoryLink } from './memory-link.ts';
import type { MemoryLog } from './memory-log.ts';

/** The store of one agent on a log in memory, with a copy of its own that may lag behind. */
export function createMemoryStore(reach: {
  readonly log: MemoryLog;
  readonly link: MemoryLink;
}): StoreHandle {
  return createStore({ bucket: reach.log.entries.over(reach.link) });
}
