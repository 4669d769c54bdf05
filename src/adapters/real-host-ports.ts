import type { Clock } from '../ports/clock.ts';
import type { HostPorts } from '../ports/index.ts';
import type { Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import { LOCAL_API_ENDPOINT } from '../state/local-api-endpoint.ts';
import { createEtcdGateway } from './etcd-gateway.ts';
import { runCommand } from './execa-exec.ts';
import { programsOf } from './find-program.ts';
import { createHaproxyBalancer } from './haproxy-balancer.ts';
import { createHaproxyUnit } from './haproxy-unit.ts';
import { createHostCertificates } from './host-certificates.ts';
import { createHostFileSystem } from './host-file-system.ts';
import { createHostGatewayNetwork } from './host-gateway-network.ts';
import { createKubernetesClient } from './kubernetes-client.ts';
import { createRealHost } from './real-host.ts';
import { createBundleStore } from './releases/file-store.ts';
import { createReleases } from './releases/releases.ts';
import { createSystemdOperations } from './systemd-operations.ts';
import { createSystemdUnits } from './systemd-units.ts';

const ROOT = '/';
const API_SERVER_PORT = 6_443;
const ETCD_PORT = 2_379;
const HAPROXY_CONFIG = '/etc/civitas/haproxy/haproxy.cfg';
const HAPROXY_SOCKET = '/run/civitas-haproxy/admin.sock';
/** The user `nobody`, by number as its group's name differs between distributions. */
const NOBODY = 65_534;

interface Options {
  readonly clock: Clock;
  readonly random: Random;
  /** Where the agent keeps its state, and files of bundles. */
  readonly stateDir: string;
  /** How other nodes are asked for such files. */
  readonly channel: Pick<Peers, 'request'>;
}

/** This machine: needs root, systemd and Linux. Nothing is touched before a port is used. */
export function createRealHostPorts({ clock, random, stateDir, channel }: Options): HostPorts {
  const files = createHostFileSystem(ROOT);
  const run = runCommand;
  const units = createSystemdUnits(run, files);
  return {
    files,
    host: createRealHost({ run, files, units, clock, root: ROOT }),
    operations: createSystemdOperations(run, files, ROOT),
    kube: createKubernetesClient({ root: ROOT, apiServerPort: API_SERVER_PORT }),
    certificates: createHostCertificates({ root: ROOT, clock }),
    etcd: createEtcdGateway({ root: ROOT, port: ETCD_PORT }),
    podNetwork: createHostGatewayNetwork({ run, files, clock, root: ROOT }),
    releases: createReleases({
      root: ROOT,
      store: createBundleStore(stateDir),
      arch: process.arch,
      channel,
      clock,
      random,
      run,
    }),
    balancer: createHaproxyBalancer({
      settings: { endpoint: LOCAL_API_ENDPOINT, socketPath: HAPROXY_SOCKET, workerId: NOBODY },
      configPath: HAPROXY_CONFIG,
      process: createHaproxyUnit(units, programsOf(ROOT), HAPROXY_CONFIG),
      run,
      files,
      clock,
    }),
  };
}
