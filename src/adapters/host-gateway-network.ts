import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import ipaddr from 'ipaddr.js';
import { RetryableError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { PodNetwork } from '../ports/pod-network.ts';
import {
  CNI_CONFLIST_PATH,
  CNI_PLUGINS,
  POD_BRIDGE,
  parseCniPodCidr,
  renderCniConflist,
} from './cni-conflist.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import { programsIn } from './find-program.ts';
import { createPodMasquerade } from './pod-masquerade.ts';
import { createPodRoutes } from './pod-routes.ts';

/** containerd's default, and Debian's. Which one counts stands in containerd's configuration. */
const PLUGIN_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni'];

/** Where host-local and portmap remember what they gave to pods. */
const CNI_STATE_FOLDER = '/var/lib/cni';
const TIMEOUT_MS = 10_000;

interface HostGatewayDeps {
  readonly run: RunCommand;
  readonly files: HostFiles;
  readonly clock: Clock;
  /** Stands before the folders of plugins, for tests. */
  readonly root: string;
}

/**
 * Rejects with RetryableError `pod-network.plugins-missing`, `pod-network.nft` or
 * `pod-network.route`. To observe what did not change starts no program.
 */
export function createHostGatewayNetwork({ run, files, clock, root }: HostGatewayDeps): PodNetwork {
  const routes = createPodRoutes(run, files, clock);
  const masquerade = createPodMasquerade(run, files, clock);

  return {
    observe: async () => {
      const [ownRoutes, conflist, masqueradeFor] = await Promise.all([
        routes.list(),
        files.read(CNI_CONFLIST_PATH),
        masquerade.subnet(),
      ]);
      const cniPodCidr = parseCniPodCidr(conflist);
      return { routes: ownRoutes, cniPodCidr, masqueradeFor, linkNetworks: linkNetworks() };
    },
    installCni: async (podCidr) => {
      await assertPlugins(root);
      await files.write(CNI_CONFLIST_PATH, renderCniConflist(podCidr), 0o644);
    },
    masquerade: (podSubnet) => masquerade.set(podSubnet),
    addRoute: (route) => routes.add(route),
    removeRoute: (route) => routes.remove(route),
    clear: async () => {
      await routes.removeAll();
      await masquerade.clear();
      await removeBridge(run);
      await files.removeTree(CNI_STATE_FOLDER);
      await files.remove(CNI_CONFLIST_PATH);
    },
  };
}

/** Without pods it has no more ports. */
async function removeBridge(run: RunCommand): Promise<void> {
  const options = { timeoutMs: TIMEOUT_MS };
  const { exitCode } = await run('ip', ['link', 'show', 'dev', POD_BRIDGE], options);
  if (exitCode !== 0) return;
  await runOrThrow(run, 'pod-network.route', 'ip', ['link', 'delete', 'dev', POD_BRIDGE], options);
}

/** IPv4 networks of the links that are up; the bridge of this node's own pods is no way to others. */
function linkNetworks(): readonly string[] {
  const networks = Object.entries(networkInterfaces())
    .filter(([name]) => name !== POD_BRIDGE)
    .flatMap(([, addresses]) => addresses ?? [])
    .filter(({ family, internal, cidr }) => family === 'IPv4' && !internal && cidr !== null)
    .map(({ cidr }) => networkOf(String(cidr)));
  return [...new Set(networks)].sort();
}

function networkOf(cidr: string): string {
  const [, bits] = ipaddr.IPv4.parseCIDR(cidr);
  return `${ipaddr.IPv4.networkAddressFromCIDR(cidr)}/${bits}`;
}

async function assertPlugins(root: string): Promise<void> {
  const find = programsIn(PLUGIN_FOLDERS.map((folder) => join(root, folder)));
  const found = await Promise.all(CNI_PLUGINS.map(find));
  const missing = CNI_PLUGINS.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return;
  const message = `The CNI plugins ${missing.join(', ')} are missing: install containernetworking-plugins, or put them into ${PLUGIN_FOLDERS[0]}.`;
  throw new RetryableError('pod-network.plugins-missing', message);
}
