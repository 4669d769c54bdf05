import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFESTS_FOLDER } from '../state/kubernetes-paths.ts';
import { unlessAbsent } from './unless-absent.ts';

const LISTENS = /--listen-peer-urls=(https:\/\/[^\s,"]+)/;

/**
 * Where etcd listens for its peers, by its manifest: at one address of this host, and not at 127.0.0.1
 * as for its clients. Undefined where there is no manifest that says so.
 */
export async function etcdPeerHost(root: string): Promise<string | undefined> {
  const manifest = await unlessAbsent(readFile(join(root, MANIFESTS_FOLDER, 'etcd.yaml'), 'utf8'));
  const url = LISTENS.exec(manifest ?? '')?.[1];
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
