import { askApi, controllerManagerWorks } from '../api-access.ts';
import { heldFor } from '../held-for.ts';
import { NODE_USER_PREFIX, readKubeconfig, writeKubeconfig } from '../kubeconfig.ts';
import { BOOTSTRAP_KUBELET_CONF, KUBELET_CERTIFICATE, KUBELET_CONF } from '../paths.ts';
import { simulatedCertificate } from '../pki.ts';
import { putFile, readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { findToken } from '../tokens.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';
import { nodeNameOf } from './node-name.ts';

/** A kubelet with nothing but a bootstrap token asks for a certificate of its own; a controller manager must approve. */
export function bootstrapKubelets(world: WorldState): void {
  for (const host of poweredHosts(world)) {
    const approved = mayBootstrap(world, host);
    if (!heldFor(world, `${host.name}/tls-bootstrap`, approved, TIMINGS.tlsBootstrapMs)) continue;
    writeCredentials(world, host);
    world.changes += 1;
  }
}

function mayBootstrap(world: WorldState, host: PoweredHost): boolean {
  const { disk, runtime } = host;
  if (!runtime.kubelet.running || disk.files.has(KUBELET_CONF)) return false;
  const bootstrap = readKubeconfig(readFile(disk, BOOTSTRAP_KUBELET_CONF));
  const answer = bootstrap && askApi(world, host, bootstrap);
  if (answer?.outcome !== 'answered') return false;
  const token = findToken(answer.cluster, bootstrap?.token, world.clock.wallMs());
  return token !== undefined && controllerManagerWorks(world, answer.cluster);
}

function writeCredentials(world: WorldState, host: PoweredHost): void {
  const bootstrap = readKubeconfig(readFile(host.disk, BOOTSTRAP_KUBELET_CONF));
  if (!bootstrap) return;
  const user = `${NODE_USER_PREFIX}${nodeNameOf(host)}`;
  const { server, certificateAuthority } = bootstrap;
  const write = { mode: 0o600, nowMs: world.clock.nowMs(), synced: false };
  putFile(host.disk, KUBELET_CONF, {
    ...write,
    content: writeKubeconfig({ server, certificateAuthority, user }),
  });
  putFile(host.disk, KUBELET_CERTIFICATE, { ...write, content: simulatedCertificate(user) });
}
