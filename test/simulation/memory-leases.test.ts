import { createMemoryLeases } from '../../src/simulation/memory-leases.ts';
import { createMemoryLink } from '../../src/simulation/memory-link.ts';
import { createMemoryLog } from '../../src/simulation/memory-log.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import { leasesContract } from '../contracts/leases.contract.ts';

leasesContract(async () => {
  const log = createMemoryLog();
  const clock = createVirtualClock();
  return {
    open: async (nodeId) =>
      createMemoryLeases({
        log,
        link: createMemoryLink(),
        clock,
        self: { nodeId, incarnation: 1 },
      }),
    close: async () => undefined,
  };
});
