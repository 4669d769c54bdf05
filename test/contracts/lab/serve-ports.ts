import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createRealHostPorts } from '../../../src/adapters/real-host-ports.ts';
import { serveWorld } from '../../../src/adapters/simulated-world-server.ts';
import { createSystemClock } from '../../../src/adapters/system-clock.ts';
import { createSystemRandom } from '../../../src/adapters/system-random.ts';
import { RetryableError } from '../../../src/errors.ts';

/** Where a machine of the lab serves its ports, on its own disk. */
export const PORTS_SOCKET = '/root/contract/ports.sock';
/** This program as a machine sees it. */
export const PORTS_PROGRAM = '/opt/civitas/test/contracts/lab/serve-ports.ts';

/** Serves the real ports of the machine this runs on to who can open the socket. */
async function servePorts(): Promise<void> {
  const ports = createRealHostPorts({
    clock: createSystemClock(),
    random: createSystemRandom(),
    stateDir: '/var/lib/civitas',
    channel: { request: () => Promise.reject(new RetryableError('peer.unreachable', 'alone')) },
  });
  await mkdir(dirname(PORTS_SOCKET), { recursive: true, mode: 0o700 });
  await serveWorld({ hostPorts: () => ports }, PORTS_SOCKET);
}

if (import.meta.main) await servePorts();
