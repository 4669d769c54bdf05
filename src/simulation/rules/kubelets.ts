import { isOutOfDate, kubeletCertificate } from '../expiry.ts';
import { heldFor } from '../held-for.ts';
import { linkedVersion } from '../kubernetes-binaries.ts';
import { BOOTSTRAP_KUBELET_CONF, KUBELET_CONF, KUBELET_CONFIG } from '../paths.ts';
import { readFile } from '../simulated-disk.ts';
import { lacks, type PoweredHost, swapIsOn } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';
import { credentialsAtStart } from './tls-bootstrap.ts';

/** systemd restarts the kubelet until it finds all it needs; then it stays, whatever becomes of the files. */
export function startKubelets(world: WorldState): void {
  for (const host of poweredHosts(world)) {
    const { kubelet } = host.runtime;
    const starts = kubelet.wanted && !kubelet.running && findsWhatItNeeds(world, host);
    if (!heldFor(world, `${host.name}/kubelet-start`, starts, TIMINGS.kubeletStartMs)) continue;
    kubelet.running = true;
    kubelet.registered = false;
    kubelet.startedAtMs = world.clock.nowMs();
    kubelet.foundPods = new Set(host.runtime.pods);
    kubelet.version = linkedVersion(host);
    kubelet.kubeconfig = credentialsAtStart(world, host);
    world.changes += 1;
  }
}

function findsWhatItNeeds(world: WorldState, host: PoweredHost): boolean {
  const { files, prepared } = host.disk;
  const configuration = readFile(host.disk, KUBELET_CONFIG);
  if (configuration === undefined || !prepared.has('kubelet-service')) return false;
  if (lacks(host, 'containerd') || host.broken.has(`kubelet ${linkedVersion(host)}`)) return false;
  if (swapIsOn(host) && !/^failSwapOn: false$/m.test(configuration)) return false;
  if (files.has(BOOTSTRAP_KUBELET_CONF)) return true;
  return files.has(KUBELET_CONF) && !isOutOfDate(world, kubeletCertificate(host), host);
}
