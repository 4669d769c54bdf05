import { askApi, controllerManagerWorks } from '../api-access.ts';
import { isOutOfDate, kubeletCertificate } from '../expiry.ts';
import { heldFor } from '../held-for.ts';
import { NODE_USER_PREFIX, readKubeconfig, writeKubeconfig } from '../kubeconfig.ts';
import { BOOTSTRAP_KUBELET_CONF, KUBELET_CERTIFICATE, KUBELET_CONF } from '../paths.ts';
import { putFile, readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { CERTIFICATE_REQUESTS, TIMINGS } from '../timings.ts';
import { findToken } from '../tokens.ts';
import { wallOf } from '../wall-of.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';
import { writeKubeletCertificate } from './kubelet-certificates.ts';
import { nodeNameOf } from './node-name.ts';

/**
 * A kubelet with nothing but a bootstrap token asks for a certificate of its own, now and then; a
 * controller manager must approve.
 */
export function bootstrapKubelets(world: WorldState): void {
  for (const host of poweredHosts(world)) {
    const held = `${host.name}/tls-bootstrap`;
    const approved = mayBootstrap(world, host);
    const takesMs = untilNextRequestMs(world, host, held) + TIMINGS.tlsBootstrapMs;
    if (!heldFor(world, held, approved, takesMs)) continue;
    writeCredentials(world, host);
    world.changes += 1;
  }
}

/** From when it could have got its certificate to when it asked for it, or will; at speed 1. */
function untilNextRequestMs(world: WorldState, { runtime }: PoweredHost, held: string): number {
  const sinceMs = world.heldSinceMs.get(held) ?? world.clock.nowMs();
  const ranMs = (sinceMs - runtime.kubelet.startedAtMs) * world.speed;
  const { firstMs, fromMs, everyMs } = CERTIFICATE_REQUESTS;
  const later = Math.max(0, Math.ceil((ranMs - fromMs) / everyMs));
  const nextMs = firstMs.find((requestMs) => requestMs >= ranMs) ?? fromMs + later * everyMs;
  return nextMs - ranMs;
}

function mayBootstrap(world: WorldState, host: PoweredHost): boolean {
  const { disk, runtime } = host;
  const valid = disk.files.has(KUBELET_CONF) && !isOutOfDate(world, kubeletCertificate(host), host);
  if (!runtime.kubelet.running || valid) return false;
  const bootstrap = readKubeconfig(readFile(disk, BOOTSTRAP_KUBELET_CONF));
  const answer = bootstrap && askApi(world, host, bootstrap);
  if (answer?.outcome !== 'answered') return false;
  const token = findToken(answer.cluster, bootstrap?.token, wallOf(world, answer.server));
  return token !== undefined && controllerManagerWorks(world, answer.cluster);
}

function writeCredentials(world: WorldState, host: PoweredHost): void {
  const content = ownKubeconfig(host);
  if (content === undefined) return;
  const nowMs = world.clock.nowMs();
  writeKubeletCertificate(world, host);
  putFile(host.disk, KUBELET_CONF, { content, mode: 0o600, nowMs, synced: false });
  host.runtime.kubelet.kubeconfig = content;
}

/**
 * What a kubelet goes by that starts now: its kubeconfig, or, while that is away and its bootstrap
 * credentials are there, a certificate that it got before (`LoadClientConfig` of its bootstrap).
 */
export function credentialsAtStart(world: WorldState, host: PoweredHost): string | undefined {
  const kubeconfig = readFile(host.disk, KUBELET_CONF);
  const certificate = readFile(host.disk, KUBELET_CERTIFICATE);
  if (kubeconfig !== undefined || certificate === undefined) return kubeconfig;
  return isOutOfDate(world, certificate, host) ? undefined : ownKubeconfig(host);
}

/** As it writes it beside its bootstrap credentials; undefined without them. */
function ownKubeconfig(host: PoweredHost): string | undefined {
  const bootstrap = readKubeconfig(readFile(host.disk, BOOTSTRAP_KUBELET_CONF));
  if (!bootstrap) return undefined;
  const { server, certificateAuthority } = bootstrap;
  const user = `${NODE_USER_PREFIX}${nodeNameOf(host)}`;
  const certificateFile = KUBELET_CERTIFICATE;
  return writeKubeconfig({ server, certificateAuthority, user, certificateFile });
}
