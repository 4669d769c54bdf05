import { RetryableError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import type { Ports } from '../../ports/index.ts';
import {
  bootstrapTokenId,
  newBootstrapToken,
  TOKEN_DESCRIPTION_PREFIX,
  TOKEN_LIFETIME_MS,
} from '../../state/bootstrap-token.ts';
import type { HandoverBundle } from '../../state/handover.ts';
import { CLUSTER_CA_FILE, SHARED_FILES } from '../../state/kubernetes-paths.ts';
import type { Join } from './decide.ts';

/**
 * Makes a token and seals it, with what else the node needs, into the entry of that node. A crash
 * in between leaves a token that nobody knows: it is deleted later, and another one made.
 */
export async function handOver(join: Join, ifRevision: number, ports: Ports): Promise<void> {
  const { clock, files, kube, random, sealer, self, store } = ports;
  const { nodeId, operationId, sealKey } = join;
  const caCertificate = await readShared(CLUSTER_CA_FILE, files);
  const shared = join.task === 'join-control-plane' ? await sharedFiles(files) : [];

  const bootstrapToken = newBootstrapToken(random.bytes);
  const expiresWallMs = clock.wallMs() + TOKEN_LIFETIME_MS;
  const description = `${TOKEN_DESCRIPTION_PREFIX}${operationId} of ${nodeId}`;
  await kube.createBootstrapToken(bootstrapToken, expiresWallMs, description);

  const bundle: HandoverBundle = { caCertificate, bootstrapToken, files: shared };
  const entry = {
    nodeId,
    operationId,
    sponsor: self.nodeId,
    tokenId: bootstrapTokenId(bootstrapToken),
    expiresWallMs,
    sealed: sealer.seal(sealKey, JSON.stringify(bundle)),
  };
  await store.put('handover', nodeId, entry, ifRevision);
}

async function sharedFiles(files: HostFiles): Promise<HandoverBundle['files']> {
  const bundle: HandoverBundle['files'] = [];
  for (const { path, mode } of SHARED_FILES) {
    bundle.push({ path, mode, content: await readShared(path, files) });
  }
  return bundle;
}

async function readShared(path: string, files: HostFiles): Promise<string> {
  const content = await files.read(path);
  if (content !== undefined) return content;
  throw new RetryableError(
    'handover.file-missing',
    `this control plane can not sponsor a join because ${path} is missing: bring it back from another control plane`,
  );
}
