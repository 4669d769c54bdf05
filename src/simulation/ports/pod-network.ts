import ipaddr from 'ipaddr.js';
import { RetryableError } from '../../errors.ts';
import type { PodNetwork, Route } from '../../ports/pod-network.ts';
import { remembered } from '../../state/remembered.ts';
import { CNI_CONFIG } from '../paths.ts';
import { settle } from '../settle.ts';
import { dropFile, putFile, readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

const LINK_PREFIX = 24;

/** Routes, masquerading and CNI configuration of one simulated host; only the last survives a boot. */
export function simulatedPodNetwork(world: WorldState, host: string): PodNetwork {
  return {
    async observe() {
      const machine = powered(world, host);
      return {
        routes: machine.runtime.routes,
        cniPodCidr: installedPodCidr(machine),
        masqueradeFor: machine.runtime.masqueradeFor,
        linkNetworks: [linkNetworkOf(machine)],
      };
    },

    async installCni(podCidr) {
      const { disk } = powered(world, host);
      const content = cniConfiguration(podCidr);
      putFile(disk, CNI_CONFIG, {
        content,
        mode: 0o644,
        nowMs: world.clock.nowMs(),
        synced: true,
      });
      record(world, host, 'cni.installed', podCidr);
      settle(world);
    },

    async masquerade(podSubnet) {
      powered(world, host).runtime.masqueradeFor = podSubnet;
      record(world, host, 'masquerade.set', podSubnet);
    },

    async addRoute(route) {
      const machine = powered(world, host);
      const link = linkNetworkOf(machine);
      if (!ipaddr.parse(route.via).match(ipaddr.parseCIDR(link))) {
        throw new RetryableError(
          'pod-network.route',
          `${route.via} is not in ${link}: nodes of a host-gateway network must share a link`,
        );
      }
      machine.runtime.routes = [...without(machine.runtime.routes, route), route];
      record(world, host, 'route.added', `${route.podCidr} via ${route.via}`);
    },

    async removeRoute(route) {
      const { runtime } = powered(world, host);
      const left = without(runtime.routes, route);
      if (left.length === runtime.routes.length) return;
      runtime.routes = left;
      record(world, host, 'route.removed', `${route.podCidr} via ${route.via}`);
    },

    async clear() {
      const { disk, runtime } = powered(world, host);
      Object.assign(runtime, { routes: [], masqueradeFor: null });
      dropFile(disk, CNI_CONFIG);
      record(world, host, 'pod-network.cleared', '');
      settle(world);
    },
  };
}

function cniConfiguration(podCidr: string): string {
  const ipam = { type: 'host-local', ranges: [[{ subnet: podCidr }]] };
  const plugins = [{ type: 'bridge', bridge: 'cni0', isGateway: true, ipam }];
  return JSON.stringify({ cniVersion: '1.0.0', name: 'civitas', plugins });
}

function installedPodCidr({ disk }: PoweredHost): string | null {
  return readFile(disk, CNI_CONFIG)?.match(/"subnet":\s*"([^"]+)"/)?.[1] ?? null;
}

function linkNetworkOf({ address }: PoweredHost): string {
  return networkAt(address);
}

const networkAt = remembered(
  (address) => `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${LINK_PREFIX}`)}/${LINK_PREFIX}`,
);

function without(routes: readonly Route[], { podCidr }: Route): readonly Route[] {
  return routes.filter((route) => route.podCidr !== podCidr);
}
