import { hrtime } from 'node:process';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import { KUBELET_UNIT } from './host-checks/kubelet-service.ts';
import { parseShow } from './systemd-units.ts';

const SHOW_TIMEOUT_MS = 10_000;
const NANOSECONDS_PER_MS = 1_000_000n;
const MICROSECONDS_PER_MS = 1_000;

/**
 * How long the kubelet that systemd runs has run; undefined while it runs none. By CLOCK_MONOTONIC,
 * by which systemd dates what becomes of units (org.freedesktop.systemd1).
 */
export async function kubeletRunsForMs(run: RunCommand): Promise<number | undefined> {
  const shown = ['--property=ActiveState,ExecMainStartTimestampMonotonic', KUBELET_UNIT];
  const output = await runOrThrow(run, 'systemd.failed', 'systemctl', ['show', ...shown], {
    timeoutMs: SHOW_TIMEOUT_MS,
  });
  const unit = parseShow(output.trimEnd());
  if (unit.get('ActiveState') !== 'active') return undefined;
  const startedMs = Number(unit.get('ExecMainStartTimestampMonotonic')) / MICROSECONDS_PER_MS;
  return Number(hrtime.bigint() / NANOSECONDS_PER_MS) - startedMs;
}
