import { remembered } from '../state/remembered.ts';
import { hasQuorum } from './etcd-cluster.ts';
import { holdsOutOfDate, isOutOfDate } from './expiry.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { canTalk } from './network.ts';
import { CA_CERTIFICATE, type Component } from './paths.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import { readFile } from './simulated-disk.ts';
import type { PoweredHost, SimulatedHost } from './simulated-host.ts';
import { hostAt, poweredHosts, type WorldState } from './world-state.ts';

/** Where HAProxy listens on every node. */
const BALANCER_PORT = '7443';
const API_SERVER_PORT = '6443';
/** No more of 127.0.0.0/8: simulated hosts of the demo have addresses there. */
const LOOPBACK = ['localhost', '127.0.0.1'];

/** What became of a request, as Go's HTTP client tells it. */
export type ApiAnswer =
  | {
      readonly outcome: 'answered';
      readonly server: PoweredHost;
      readonly cluster: SimulatedCluster;
    }
  | {
      readonly outcome: 'failed';
      readonly text: string;
      /** The server answered, and does not know who asks. */
      readonly unauthorized?: true;
    };

/** Asks an API server with a kubeconfig: connects, and verifies the server's certificate. */
export function askApi(world: WorldState, from: PoweredHost, kubeconfig: Kubeconfig): ApiAnswer {
  const { server, certificateAuthority } = kubeconfig;
  const answer = connect(world, from, server);
  if (answer.outcome === 'failed') return answer;
  const presented = readFile(answer.server.disk, CA_CERTIFICATE) ?? '';
  if (certificateAuthority !== '' && presented.trim() !== certificateAuthority.trim()) {
    return failed(
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
  }
  if (holdsOutOfDate(world, answer.server, 'apiserver', from)) {
    return failed(
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
    );
  }
  const { certificate, certificateFile } = kubeconfig;
  const shown = certificateFile ? readFile(from.disk, certificateFile) : certificate;
  const refused = isOutOfDate(world, shown, answer.server);
  return refused ? { ...failed('Unauthorized'), unauthorized: true } : answer;
}

/** Connects like a client that does not verify certificates. */
export function connect(world: WorldState, from: PoweredHost, url: string): ApiAnswer {
  const { host, port, dial } = endpointIn(url);
  const local = LOOPBACK.includes(host);
  if (local && port === BALANCER_PORT) return throughBalancer(world, from, dial);

  const target = local ? from : hostAt(world, host);
  if (!target || !canTalk(world, from, target)) return failed(`${dial} i/o timeout`);
  const cluster = port === API_SERVER_PORT ? servedCluster(world, target) : undefined;
  if (!cluster) return failed(`${dial} connect: connection refused`);
  return { outcome: 'answered', server: target as PoweredHost, cluster };
}

/** Whether the API server at this address answers `/readyz` to `from`, as HAProxy checks it. */
export function answersReadyz(world: WorldState, from: SimulatedHost, address: string): boolean {
  const target = hostAt(world, address);
  return target?.runtime?.apiServerReady === true && canTalk(world, from, target);
}

/** The cluster whose API this host serves; undefined when its API server is not ready. */
export function servedCluster(
  world: WorldState,
  host: SimulatedHost,
): SimulatedCluster | undefined {
  if (!host.runtime?.apiServerReady) return undefined;
  return world.clusters.get(host.runtime.etcd?.clusterId ?? '');
}

/** Whether the cluster has a controller manager at work: without one, nothing is approved or allocated. */
export function controllerManagerWorks(world: WorldState, cluster: SimulatedCluster): boolean {
  const host = poweredHosts(world).find(({ name }) => name === cluster.controllerManager);
  if (!host || !isAtWork(world, host, 'kube-controller-manager')) return false;
  return servedCluster(world, host) === cluster && hasQuorum(world, cluster, host);
}

/** Whether a client of the local API server runs, with the certificate it read at its start. */
export function isAtWork(world: WorldState, host: PoweredHost, component: Component): boolean {
  const { pods, podCertificates } = host.runtime;
  return pods.has(component) && !isOutOfDate(world, podCertificates.get(component), host);
}

const endpointIn = remembered((url) => {
  const [host = '', port = '443'] = url.replace(/^https:\/\//, '').split(':');
  return { host, port, dial: `dial tcp ${host}:${port}:` };
});

function throughBalancer(world: WorldState, from: PoweredHost, dial: string): ApiAnswer {
  const servers = from.runtime.balancer;
  if (!servers) return failed(`${dial} connect: connection refused`);
  const up = servers.filter(({ address }) => answersReadyz(world, from, address));
  const chosen = up.find(({ preferred }) => preferred) ?? up[0];
  const target = chosen && hostAt(world, chosen.address);
  const cluster = target && servedCluster(world, target);
  if (!target || !cluster) return failed('EOF');
  return { outcome: 'answered', server: target as PoweredHost, cluster };
}

function failed(text: string) {
  return { outcome: 'failed', text } as const;
}
