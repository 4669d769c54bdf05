import { sha256 } from '../../state/sha256.ts';
import type { Baseline } from './baseline.ts';
import type { Finding } from './finding.ts';
import type { HostView } from './observed.ts';
import { WATCHED_FILES } from './watched-files.ts';

/** As kubeadm writes `kubeletExtraArgs`; the controller node-address changes it when the host moves. */
const NODE_IP = /--node-ip=([^\s"]+)/;

type Host = Pick<HostView, 'files' | 'addresses'>;

/** Files that are not as the last operation left them; one that it did not leave is nobody's matter. */
export function findFiles({ files }: Baseline, host: Host): readonly Finding[] {
  const left = new Map(files.map(({ path, content }) => [path, content]));
  return WATCHED_FILES.flatMap(({ item, path, mode, afterwards }): readonly Finding[] => {
    const content = left.get(path);
    const present = host.files.get(path);
    if (content === undefined || isSame(content, present)) return [];
    const message =
      present === undefined
        ? `${path} is gone`
        : `${path} is not as the last operation of civitas left it`;
    const wanted = withOwnAddress(content, host.addresses);
    const repair = { type: 'file', path, content: wanted, mode, afterwards } as const;
    return [{ item, message, found: sha256(present ?? ''), repair }];
  });
}

/** Whether a file deviates still with just that content. */
export function isStill(found: string, present: string | undefined): boolean {
  return sha256(present ?? '') === found;
}

function isSame(left: string, present: string | undefined): boolean {
  return present?.replace(NODE_IP, '') === left.replace(NODE_IP, '');
}

function withOwnAddress(content: string, addresses: readonly string[]): string {
  const [, told] = NODE_IP.exec(content) ?? [];
  const [address] = addresses;
  if (told === undefined || address === undefined || addresses.includes(told)) return content;
  return content.replace(NODE_IP, `--node-ip=${address}`);
}
