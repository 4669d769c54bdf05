import { openDurableFiles } from '../adapters/durable-files.ts';
import { runCommand } from '../adapters/execa-exec.ts';
import { createHostFileSystem } from '../adapters/host-file-system.ts';
import { kubeletRunsForMs } from '../adapters/kubelet-process.ts';
import { createPinoLog } from '../adapters/pino-log.ts';
import { lockState } from '../adapters/state-lock.ts';
import { createSystemClock } from '../adapters/system-clock.ts';
import { parkHost } from '../engine/park-host.ts';

const ROOT = '/';

/** Parks Kubernetes on this machine where it may have been deposed. Refused while an agent runs. */
export async function park(stateDir: string): Promise<void> {
  const lock = await lockState(stateDir);
  try {
    await parkHost({
      clock: createSystemClock(),
      durable: await openDurableFiles(stateDir),
      files: createHostFileSystem(ROOT),
      host: { kubeletRunsForMs: () => kubeletRunsForMs(runCommand) },
      log: createPinoLog('info', {}),
    });
  } finally {
    await lock.release();
  }
}
