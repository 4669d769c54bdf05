import { join } from 'node:path';
import { RetryableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SystemdUnits } from '../systemd-units.ts';
import { isListening } from '../unix-socket.ts';
import { canPrepare, type HostItem, missing, ok } from './host-item.ts';

const UNIT = 'containerd.service';
const SOCKET = '/run/containerd/containerd.sock';
const START_TIMEOUT_MS = 15_000;
const POLL_MS = 100;

export function containerd(units: SystemdUnits, clock: Clock, root: string): HostItem {
  const answers = () => isListening(join(root, SOCKET));

  return {
    check: async () => {
      if (await answers()) return ok(`containerd answers at ${SOCKET}`);
      const [unit] = await units.show(UNIT);
      if (unit?.loadState === 'loaded') return canPrepare('containerd will be enabled and started');
      if (unit?.loadState === 'masked') {
        return missing('containerd is masked: run `systemctl unmask containerd`.');
      }
      return missing('containerd is not installed: install containerd 1.7 or later.');
    },
    prepare: async () => {
      await units.enable(UNIT);
      await units.start(UNIT);
      const deadlineMs = clock.nowMs() + START_TIMEOUT_MS;
      while (!(await answers())) {
        if (clock.nowMs() > deadlineMs) throw silent();
        await clock.sleep(POLL_MS);
      }
    },
  };
}

function silent(): RetryableError {
  const message = `containerd was started but does not answer at ${SOCKET}: see \`journalctl -u containerd\`.`;
  return new RetryableError('host.containerd', message);
}
