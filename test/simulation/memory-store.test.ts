import { createMemoryLink } from '../../src/simulation/memory-link.ts';
import { createMemoryLog } from '../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../src/simulation/memory-store.ts';
import { storeContract } from '../contracts/store.contract.ts';

storeContract(async () => {
  const log = createMemoryLog();
  return {
    openStore: async () => createMemoryStore({ log, link: createMemoryLink() }),
    async writeRaw(path, text) {
      await log.entries.over(createMemoryLink()).write(path, text, 0);
    },
    close: async () => undefined,
  };
});
