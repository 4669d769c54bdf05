import { RetryableError } from '../../errors.ts';
import type { Certificates, LeafUser, ServedLeaf } from '../../ports/certificates.ts';
import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import { ADDRESSED_LEAVES, LEAF_FILES, type LeafFile } from '../../state/leaf-files.ts';
import { readKubeconfig } from '../kubeconfig.ts';
import { namesAddress, validityOf } from '../pki.ts';
import { settle } from '../settle.ts';
import { readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

const RESTART_TIMEOUT_MS = 120_000;
const LOOK_MS = 500;

/** Leaves of one simulated host, whose servers show what stands on its disk. */
export function simulatedCertificates(world: WorldState, host: string): Certificates {
  return {
    async leaves() {
      const { disk } = powered(world, host);
      return LEAF_FILES.flatMap((file) => leafOf(readFile(disk, file.path), file));
    },

    async lacking(address) {
      const { disk } = powered(world, host);
      const lacking = ADDRESSED_LEAVES.filter(
        ({ path }) => !namesAddress(readFile(disk, path), address),
      );
      return lacking.map(({ name }) => name);
    },

    async served() {
      return servedBy(powered(world, host));
    },

    async restart(user) {
      const { runtime } = powered(world, host);
      if (!runtime.pods.delete(user)) return;
      record(world, host, 'pod.terminated', user);
      settle(world);
      const deadlineMs = world.clock.nowMs() + RESTART_TIMEOUT_MS / world.speed;
      while (!runtime.pods.has(user) && world.clock.nowMs() < deadlineMs) {
        await world.clock.sleep(LOOK_MS / world.speed);
      }
      if (!runtime.pods.has(user)) throw notRestarted(user);
    },
  };
}

function leafOf(text: string | undefined, { name, form }: LeafFile): readonly LeafCertificate[] {
  const certificate = form === 'pem' ? text : readKubeconfig(text)?.certificate;
  const validity = certificate === undefined ? undefined : validityOf(certificate);
  if (!validity) return [];
  const { fromWallMs, untilWallMs } = validity;
  return [{ name, notBeforeWallMs: fromWallMs, notAfterWallMs: untilWallMs }];
}

/** Each connection is shown the leaf that stands on the disk by then, as API servers and etcd do. */
function servedBy({ disk, runtime }: PoweredHost): readonly ServedLeaf[] {
  const etcd = runtime.etcd !== undefined;
  const answers = { apiserver: runtime.apiServerReady, 'etcd-server': etcd, 'etcd-peer': etcd };
  return Object.entries(answers).flatMap(([name, isThere]): readonly ServedLeaf[] => {
    const file = LEAF_FILES.find((each) => each.name === name);
    if (!file || !disk.files.has(file.path)) return [];
    // A key of the record above.
    return [{ name: name as ServedLeaf['name'], state: isThere ? 'present' : 'silent' }];
  });
}

function notRestarted(user: LeafUser): RetryableError {
  const message = `${user} was told to end and did not run again within two minutes`;
  return new RetryableError('certificates.not-restarted', message);
}
