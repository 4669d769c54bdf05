import type { Durable } from '../../src/ports/durable.ts';
import type { ReplicaServers } from '../../src/ports/replica-servers.ts';

/** A state directory: whatever was written there is there at the next start. */
export function memoryDurable(): Durable {
  const files = new Map<string, string>();
  return {
    async read(name, schema) {
      const text = files.get(name);
      return text === undefined ? undefined : schema.parse(JSON.parse(text));
    },
    async write(name, value) {
      files.set(name, JSON.stringify(value));
    },
    async remove(name) {
      files.delete(name);
    },
  };
}

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
