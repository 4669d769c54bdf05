import type { HostFiles } from '../../ports/host-files.ts';
import { type RunCommand, runOrThrow } from '../execa-exec.ts';
import type { FindProgram } from '../find-program.ts';
import { canPrepare, type HostItem, missing, ok } from './host-item.ts';

const LOADED_AT_BOOT = '/etc/modules-load.d/90-civitas.conf';
const MODPROBE_TIMEOUT_MS = 10_000;

/**
 * overlay for containerd's layers, br_netfilter so that pods on one bridge pass nftables. What
 * counts is the feature: a kernel that has it built in names no module, and a container may have
 * it without modprobe.
 */
export function kernelModules(run: RunCommand, files: HostFiles, find: FindProgram): HostItem {
  const timeout = { timeoutMs: MODPROBE_TIMEOUT_MS };

  async function absent(): Promise<readonly string[]> {
    const fileSystems = (await files.read('/proc/filesystems')) ?? '';
    const bridge = await files.list('/proc/sys/net/bridge');
    const features = {
      overlay: /\boverlay$/m.test(fileSystems),
      br_netfilter: bridge.includes('bridge-nf-call-iptables'),
    };
    return Object.entries(features).flatMap(([module, present]) => (present ? [] : [module]));
  }

  return {
    check: async () => {
      const modules = await absent();
      if (modules.length === 0) return ok('overlay and br_netfilter are there');
      const names = modules.join(' and ');
      const modprobe = await find('modprobe');
      if (modprobe !== undefined) {
        const { exitCode } = await run(modprobe, ['--dry-run', '--all', ...modules], timeout);
        if (exitCode === 0) return canPrepare(`${names} will be loaded, now and at each boot`);
      }
      return missing(
        `The kernel has neither ${names} nor a module of that name: install the modules package of this kernel, or boot one that has it.`,
      );
    },
    prepare: async () => {
      const modules = await absent();
      if (modules.length === 0) return;
      const before = ((await files.read(LOADED_AT_BOOT)) ?? '').split('\n');
      const names = new Set([...before.filter((line) => line !== ''), ...modules]);
      await files.write(LOADED_AT_BOOT, `${[...names].join('\n')}\n`, 0o644);
      await runOrThrow(run, 'host.module', 'modprobe', ['--all', ...modules], timeout);
    },
  };
}
