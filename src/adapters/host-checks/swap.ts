import { TerminalError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import { type HostItem, missing, ok } from './host-item.ts';

/** Only looked at: to take a machine's swap away is for who owns it. */
export function swap(files: HostFiles): HostItem {
  return {
    check: async () => {
      const [, ...areas] = ((await files.read('/proc/swaps')) ?? '').trim().split('\n');
      if (areas.length === 0) return ok('no swap');
      const names = areas.map((area) => area.split(/\s/)[0]).join(', ');
      return missing(
        `Swap is on (${names}): run \`swapoff -a\` and take it out of /etc/fstab, or set failSwapOn: false for the kubelet in the spec.`,
      );
    },
    prepare: async () => {
      throw new TerminalError(
        'host.not-ours',
        'civitas does not turn swap off by itself: run `swapoff -a`.',
      );
    },
  };
}
