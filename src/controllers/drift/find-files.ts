import { kubeletAddress, withKubeletAddress } from '../../state/kubelet-address.ts';
import { KUBELET_FLAGS_FILE } from '../../state/kubernetes-paths.ts';
import { sha256 } from '../../state/sha256.ts';
import { withAddress } from '../../state/with-address.ts';
import type { Baseline } from './baseline.ts';
import type { Finding } from './finding.ts';
import type { HostView } from './observed.ts';
import { WATCHED_FILES } from './watched-files.ts';

type Host = Pick<HostView, 'files' | 'addresses'>;

/** Where the last operation left this host, and where the controller node-address has brought it since. */
interface Move {
  readonly former: string;
  /** First of the addresses that the host has now. */
  readonly address: string;
  readonly isOver: boolean;
}

/** Files that are not as the last operation left them; one that it did not leave is nobody's matter. */
export function findFiles({ files }: Baseline, host: Host): readonly Finding[] {
  const left = new Map(files.map(({ path, content }) => [path, content]));
  const move = moveOf(left.get(KUBELET_FLAGS_FILE), host);
  return WATCHED_FILES.flatMap(({ item, path, mode, afterwards }): readonly Finding[] => {
    const content = left.get(path);
    const present = host.files.get(path);
    if (content === undefined || isSame(content, present, move)) return [];
    const isGone = present === undefined;
    const message = isGone
      ? `${path} is gone`
      : `${path} is not as the last operation of civitas left it`;
    const wanted = move ? contentAfter(move, path, content) : content;
    const repair = { type: 'file', path, content: wanted, mode, afterwards } as const;
    return [{ item, message, ...(isGone && { isGone }), found: sha256(present ?? ''), repair }];
  });
}

/** Whether a file deviates still with just that content. */
export function isStill(found: string, present: string | undefined): boolean {
  return sha256(present ?? '') === found;
}

/** Undefined while the host still has the address that it was left with. */
function moveOf(flags = '', { addresses, files }: Host): Move | undefined {
  const former = kubeletAddress(flags);
  const [address] = addresses;
  if (former === undefined || address === undefined || addresses.includes(former)) return undefined;
  const told = kubeletAddress(files.get(KUBELET_FLAGS_FILE) ?? '');
  return { former, address, isOver: told !== undefined && addresses.includes(told) };
}

/** Which address the kubelet is told is not looked at. */
function isSame(left: string, present: string | undefined, move: Move | undefined): boolean {
  if (left === present) return true;
  return present !== undefined && wherever(left, move) === wherever(present, move);
}

function wherever(content: string, move: Move | undefined): string {
  const moved = move ? withAddress(content, move.former, move.address) : content;
  return withKubeletAddress(moved, '');
}

/** A control plane gets its new address only with all that goes with it. */
function contentAfter({ former, address, isOver }: Move, path: string, content: string): string {
  const follows = isOver || path === KUBELET_FLAGS_FILE;
  return follows ? withAddress(content, former, address) : content;
}
