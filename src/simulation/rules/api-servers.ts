import { versionOfImage } from '../../state/static-pod-image.ts';
import { hasQuorum, isCorrupt } from '../etcd-cluster.ts';
import { holdsOutOfDate } from '../expiry.ts';
import { heldFor } from '../held-for.ts';
import { imageIn } from '../kubernetes-releases.ts';
import { manifestPath, PKI } from '../paths.ts';
import { namesAddress } from '../pki.ts';
import { readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';
import { isServing } from './static-pods.ts';

/** An API server is ready while its own etcd is a voter with a quorum behind it. */
export function runApiServers(world: WorldState): void {
  for (const host of poweredHosts(world)) {
    const name = `${host.name}/api-server`;
    const ready = heldFor(world, name, canServe(world, host), TIMINGS.apiServerStartMs);
    if (ready === host.runtime.apiServerReady) continue;
    host.runtime.apiServerReady = ready;
    world.changes += 1;
  }
}

function canServe(world: WorldState, host: PoweredHost): boolean {
  const { etcd } = host.runtime;
  const cluster = world.clusters.get(etcd?.clusterId ?? '');
  if (!isServing(host, 'kube-apiserver') || !cluster || !starts(host)) return false;
  if (!isAtItsAddress(host)) return false;
  if (isCorrupt(cluster) || !reachesEtcd(world, host)) return false;
  return hasQuorum(world, cluster, host);
}

function reachesEtcd(world: WorldState, host: PoweredHost): boolean {
  return (
    !holdsOutOfDate(world, host, 'apiserver-etcd-client') &&
    !holdsOutOfDate(world, host, 'etcd/server')
  );
}

/** It answers at the address that it tells the others, which its leaf has to name. */
function isAtItsAddress({ address, disk }: PoweredHost): boolean {
  const manifest = readFile(disk, manifestPath('kube-apiserver')) ?? '';
  const isNamed = namesAddress(readFile(disk, `${PKI}/apiserver.crt`), address);
  return isNamed && manifest.includes(`--advertise-address=${address}\n`);
}

/** An API server ends at once when a file that its flags name is not there, or its image has another program. */
function starts({ disk, broken }: PoweredHost): boolean {
  const manifest = readFile(disk, manifestPath('kube-apiserver')) ?? '';
  if (broken.size > 0 && broken.has(`kube-apiserver ${versionOfImage(imageIn(manifest))}`)) {
    return false;
  }
  const named = manifest.matchAll(/--(?:audit-policy-file|encryption-provider-config)=(\S+)/g);
  return [...named].every(([, path = '']) => disk.files.has(path));
}
