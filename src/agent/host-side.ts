import { join } from 'node:path';
import { runCommand } from '../adapters/execa-exec.ts';
import { createHostFileSystem } from '../adapters/host-file-system.ts';
import { createProcessReplicas } from '../adapters/nats-process-replicas.ts';
import { defaultCacheDir, ensureNatsServer } from '../adapters/nats-server-binary.ts';
import { createSystemdReplicas } from '../adapters/nats-systemd-replicas.ts';
import { createRealHostPorts } from '../adapters/real-host-ports.ts';
import { connectWorld } from '../adapters/simulated-world-client.ts';
import type { HostPorts } from '../ports/index.ts';
import type { Peers } from '../ports/peers.ts';
import type { ReplicaServers } from '../ports/replica-servers.ts';
import type { AgentOptions } from './agent-options.ts';
import type { Foundations } from './foundations.ts';

const ROOT = '/';

/** How other nodes are asked. */
type Channel = Pick<Peers, 'request'>;

/** The machine under the agent: a real one, or one of a simulated world. */
export interface HostSide {
  readonly ports: HostPorts;
  readonly replicaServers: ReplicaServers;
  /** Ends what lives and dies with the agent; units of a real host go on. */
  stop(): Promise<void>;
}

export function hostSide(base: Foundations, options: AgentOptions, channel: Channel): HostSide {
  const { simulatedWorld } = options;
  return simulatedWorld === undefined
    ? realHost(base, options, channel)
    : simulatedHost(base, options, simulatedWorld);
}

function realHost(
  { clock, random, token, log }: Foundations,
  { stateDir }: AgentOptions,
  channel: Channel,
): HostSide {
  const files = createHostFileSystem(ROOT);
  const replicaServers = createSystemdReplicas({
    root: join(stateDir, 'log'),
    binDir: join(stateDir, 'bin'),
    joinKey: token.joinKey,
    server: () => natsServer(log),
    run: runCommand,
    files,
    clock,
    log,
  });
  return {
    ports: createRealHostPorts({ clock, random, stateDir, channel }),
    replicaServers,
    stop: replicaServers.close,
  };
}

function simulatedHost(
  { clock, log, self, token }: Foundations,
  { stateDir }: AgentOptions,
  socketPath: string,
): HostSide {
  const ports = connectWorld(socketPath, self.hostname);
  const replicaServers = createProcessReplicas({
    root: join(stateDir, 'log'),
    joinKey: token.joinKey,
    serverPath: async () => (await natsServer(log)).path,
    // The replicas are real, so their files are: only the host around them is simulated.
    files: createHostFileSystem(ROOT),
    clock,
    log,
  });
  return {
    ports,
    replicaServers,
    async stop() {
      await replicaServers.stopAll();
      ports.close();
    },
  };
}

function natsServer(log: Foundations['log']): ReturnType<typeof ensureNatsServer> {
  return ensureNatsServer({
    cacheDir: defaultCacheDir(process.env),
    onProgress: (line) => log.info({ event: 'log.server-fetched', line }, 'log server fetched'),
  });
}
