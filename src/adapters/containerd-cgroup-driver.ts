import { type RunCommand, runOrThrow } from './execa-exec.ts';

const TIMEOUT_MS = 10_000;

/** What containerd makes of its files and their imports; RetryableError `host.containerd-config`. */
export async function containerdCgroupDriver(run: RunCommand): Promise<'systemd' | 'cgroupfs'> {
  const config = await runOrThrow(run, 'host.containerd-config', 'containerd', ['config', 'dump'], {
    timeoutMs: TIMEOUT_MS,
  });
  return parseCgroupDriver(config);
}

/**
 * The option of runc, which kubelets use unless a pod asks for another runtime. The section's
 * name differs between versions 1, 2 and 3 of containerd's configuration, its end does not.
 */
export function parseCgroupDriver(config: string): 'systemd' | 'cgroupfs' {
  const sections = config.split(/^\s*(?=\[)/m);
  const runc = sections.find((section) => /^\[.*\.runtimes\.runc\.options\]/.test(section));
  return /^\s*SystemdCgroup\s*=\s*true/m.test(runc ?? '') ? 'systemd' : 'cgroupfs';
}
