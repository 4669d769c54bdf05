import { controllerManagerWorks } from '../api-access.ts';
import { heldFor } from '../held-for.ts';
import { NODE_USER_PREFIX } from '../kubeconfig.ts';
import { KUBELET_CERTIFICATE } from '../paths.ts';
import { expiryOf, simulatedCertificate } from '../pki.ts';
import { putFile, readFile } from '../simulated-disk.ts';
import type { SimulatedHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { wallOf } from '../wall-of.ts';
import type { WorldState } from '../world-state.ts';
import { nodeNameOf } from './node-name.ts';
import { heardKubelets } from './node-reports.ts';

/** Of its certificate's life; real kubelets draw it between 70 and 90 %. */
const RENEWED_AT = 0.8;
const YEAR_MS = 365 * 86_400_000;

/** Kubelets renew their own certificates, while the API answers and a controller manager signs. */
export function rotateKubeletCertificates(world: WorldState): void {
  for (const { host, cluster } of heardKubelets(world)) {
    const expiresWallMs = expiryOf(readFile(host.disk, KUBELET_CERTIFICATE));
    const due = expiresWallMs !== undefined && isDue(world, host, expiresWallMs);
    // A kubelet whose clock is far ahead asks again and again, and gets nothing better.
    const helps = due && !isDue(world, host, world.clock.wallMs() + YEAR_MS);
    const signed = helps && controllerManagerWorks(world, cluster);
    const held = `${host.name}/certificate rotation`;
    if (!heldFor(world, held, signed, TIMINGS.tlsBootstrapMs)) continue;
    writeKubeletCertificate(world, host);
    world.changes += 1;
  }
}

export function writeKubeletCertificate(world: WorldState, host: SimulatedHost): void {
  const subject = `${NODE_USER_PREFIX}${nodeNameOf(host)}`;
  const content = simulatedCertificate(world, subject);
  const nowMs = world.clock.nowMs();
  putFile(host.disk, KUBELET_CERTIFICATE, { content, mode: 0o600, nowMs, synced: false });
  world.expiriesWallMs.add(renewalWallMs(expiryOf(content) ?? 0));
}

function isDue(world: WorldState, host: SimulatedHost, expiresWallMs: number): boolean {
  return renewalWallMs(expiresWallMs) <= wallOf(world, host);
}

function renewalWallMs(expiresWallMs: number): number {
  return expiresWallMs - (1 - RENEWED_AT) * YEAR_MS;
}
