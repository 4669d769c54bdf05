import { RetryableError } from '../../errors.ts';
import type { Balancer } from '../../ports/balancer.ts';
import { answersReadyz } from '../api-access.ts';
import { settle } from '../settle.ts';
import { lacks, type PoweredHost } from '../simulated-host.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

/** HAProxy of one simulated host. Its health checks know at once what they would find within a second. */
export function simulatedBalancer(world: WorldState, host: string): Balancer {
  return {
    async observe() {
      const machine = powered(world, host);
      const servers = machine.runtime.balancer ?? [];
      return {
        running: machine.runtime.balancer !== undefined,
        servers: servers.map((server) => ({
          ...server,
          up: answersReadyz(world, machine, server.address),
        })),
        fileServers: machine.disk.balancerServers ?? [],
        ...(machine.disk.balancerAltered && { altered: true }),
      };
    },

    async install(servers) {
      const machine = installed(world, host);
      Object.assign(machine.disk, { balancerServers: servers, balancerAltered: false });
      machine.runtime.balancer = servers;
      record(world, host, 'balancer.installed', names(servers));
      settle(world);
    },

    async addServer(server) {
      const { runtime } = running(world, host);
      const others = (runtime.balancer ?? []).filter(({ name }) => name !== server.name);
      runtime.balancer = [...others, server];
      record(world, host, 'balancer.server-added', server.name);
      settle(world);
    },

    async removeServer(name) {
      const { runtime } = running(world, host);
      runtime.balancer = (runtime.balancer ?? []).filter((server) => server.name !== name);
      record(world, host, 'balancer.server-removed', name);
      settle(world);
    },

    async writeFile(servers) {
      const { disk } = installed(world, host);
      Object.assign(disk, { balancerServers: servers, balancerAltered: false });
      record(world, host, 'balancer.file-written', names(servers));
    },
  };
}

function installed(world: WorldState, host: string): PoweredHost {
  const machine = powered(world, host);
  if (!lacks(machine, 'haproxy')) return machine;
  throw new RetryableError(
    'balancer.not-started',
    `haproxy is not installed on ${host}: install it`,
  );
}

function running(world: WorldState, host: string): PoweredHost {
  const machine = powered(world, host);
  if (machine.runtime.balancer) return machine;
  throw new RetryableError(
    'balancer.not-running',
    `haproxy does not run on ${host}: install it first`,
  );
}

function names(servers: readonly { readonly name: string }[]): string {
  return servers.map(({ name }) => name).join(' ');
}
