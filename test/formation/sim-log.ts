import type { ReplicaServers } from '../../src/ports/replica-servers.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';

const REPLICAS = 3;
const QUORUM = 2;

/** One replica's folder on a host's disk, and the server that may run there. */
interface Server {
  readonly replica: Replica;
  readonly record: GenesisRecord;
  /** The service manager starts it at each boot. */
  isEnabled: boolean;
  isRunning: boolean;
  /** Something was written to it. */
  isUsed: boolean;
}

/** nats-servers in simulated time: what they would accept, they accept, whether or not anybody asks. */
export interface SimLogs {
  /** The servers of the host at this address. */
  serversAt(address: string): ReplicaServers;
  powerOff(address: string): void;
  powerOn(address: string): void;
  /** Every log that can accept a write accepts one, on as few replicas as suffice. */
  write(): void;
  /** Whether somebody at this address can see what the log of that epoch accepted. */
  shows(address: string, epoch: number): boolean;
  /** Epochs that accept writes now. */
  writing(): readonly number[];
  /** What must never happen and did. */
  violations(): readonly string[];
}

export interface SimLogsOptions {
  reaches(from: string, to: string): boolean;
  /** In [0, 1): which replicas are the first to have a write. */
  random(): number;
}

export function createSimLogs({ reaches, random }: SimLogsOptions): SimLogs {
  const hosts = new Map<string, Map<string, Server>>();
  const written = new Set<number>();
  const violations = new Set<string>();

  function folderAt(address: string): Map<string, Server> {
    const folder = hosts.get(address) ?? new Map<string, Server>();
    hosts.set(address, folder);
    return folder;
  }

  const servers = () => [...hosts.values()].flatMap((folder) => [...folder.values()]);

  /** Those of one epoch that run and all reach each other, as seen from one of them. */
  function groupOf(epoch: number): readonly Server[] {
    const running = servers().filter((each) => each.isRunning && each.record.epoch === epoch);
    const groups = running.map((first) =>
      running.filter((other) => reaches(first.replica.address, other.replica.address)),
    );
    return groups.sort((left, right) => right.length - left.length)[0] ?? [];
  }

  /** Either all are there, or a quorum of those that hold something: empty ones elect nobody. */
  function canWrite(epoch: number): boolean {
    const group = groupOf(epoch);
    return group.length === REPLICAS || group.filter(({ isUsed }) => isUsed).length >= QUORUM;
  }

  const epochs = () => [...new Set(servers().map(({ record }) => record.epoch))];

  function accept(epoch: number): void {
    const later = [...written].filter((other) => other > epoch);
    if (later.length > 0) violations.add(`epoch ${epoch} writes after epoch ${later[0]}`);
    const earlier = [...written].filter((other) => other < epoch);
    if (earlier.length > 0) violations.add(`epoch ${epoch} drops what epoch ${earlier[0]} wrote`);
    written.add(epoch);
    const group = [...groupOf(epoch)].sort(() => random() - 0.5);
    for (const server of group.slice(0, QUORUM)) server.isUsed = true;
  }

  return {
    serversAt(address) {
      const folder = folderAt(address);
      return {
        observe: async () =>
          [...folder].map(([serverName, { isRunning }]) => ({ serverName, running: isRunning })),
        answering: async ({ replicas }) =>
          servers()
            .filter(({ replica, isRunning }) => isRunning && reaches(address, replica.address))
            .map(({ replica }) => replica.serverName)
            .filter((name) => replicas.some(({ serverName }) => serverName === name)),
        async start(replica, record) {
          const isUsed = folder.get(replica.serverName)?.isUsed ?? false;
          const server = { replica, record, isEnabled: true, isRunning: true, isUsed };
          folder.set(replica.serverName, server);
        },
        async stop(serverName) {
          Object.assign(folder.get(serverName) ?? {}, { isEnabled: false, isRunning: false });
        },
        refresh: async () => undefined,
        discard: async (serverName) => void folder.delete(serverName),
        async retire(serverName) {
          const server = folder.get(serverName);
          Object.assign(server ?? {}, { isEnabled: false, isRunning: false });
          return server?.isUsed ? 'used' : 'unused';
        },
      };
    },
    powerOff(address) {
      for (const server of folderAt(address).values()) server.isRunning = false;
    },
    powerOn(address) {
      for (const server of folderAt(address).values()) server.isRunning = server.isEnabled;
    },
    write() {
      for (const epoch of epochs()) if (canWrite(epoch)) accept(epoch);
    },
    shows: (address, epoch) =>
      written.has(epoch) &&
      canWrite(epoch) &&
      groupOf(epoch).some(({ replica }) => reaches(address, replica.address)),
    writing: () => epochs().filter(canWrite),
    violations: () => [...violations],
  };
}
