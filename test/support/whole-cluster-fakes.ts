import type { ReplicaServers } from '../../src/ports/replica-servers.ts';

/** Units that the service manager starts at each boot. What they serve is the log in memory. */
export function runningReplicas(): ReplicaServers {
  const names = new Set<string>();
  return {
    observe: async () => [...names].map((serverName) => ({ serverName, running: true })),
    allAnswer: async () => true,
    async start({ serverName }) {
      names.add(serverName);
    },
    async stop(serverName) {
      names.delete(serverName);
    },
  };
}
