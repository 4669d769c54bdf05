import { RetryableError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import type { Ports } from '../../ports/index.ts';
import {
  bootstrapTokenId,
  newBootstrapToken,
  TOKEN_DESCRIPTION_PREFIX,
  TOKEN_LIFETIME_MS,
} from '../../state/bootstrap-token.ts';
import type { Handover, HandoverBundle } from '../../state/handover.ts';
import { CLUSTER_CA_FILE, SHARED_FILES } from '../../state/kubernetes-paths.ts';
import type { Action } from './decide.ts';
import type { Join } from './observed.ts';
import { removeRemains } from './remove-remains.ts';

const NOTHING: Handover['sealed'] = { ephemeralKey: '', nonce: '', ciphertext: '' };

type HandOver = Extract<Action, { readonly type: 'hand-over' }>;

/**
 * Makes a token and seals it, with what else the node needs, into the entry of that node. A crash
 * in between leaves a token that nobody knows: it is deleted later, and another one made.
 */
export async function handOver(action: HandOver, ports: Ports): Promise<void> {
  const { clock, kube, random, sealer, self, store } = ports;
  const { nodeId, operationId, attempt, sealKey } = action.join;
  const bootstrapToken = newBootstrapToken(random.bytes);
  const bundle = await bundleFor(action.join, bootstrapToken, ports.files);
  const expiresWallMs = clock.wallMs() + TOKEN_LIFETIME_MS;
  const entry: Handover = {
    nodeId,
    operationId,
    attempt,
    sponsor: self.nodeId,
    tokenId: bootstrapTokenId(bootstrapToken),
    expiresWallMs,
    sealed: sealer.seal(sealKey, JSON.stringify(bundle)),
  };
  const revision = await clearTheWay(action, entry, ports);
  const description = `${TOKEN_DESCRIPTION_PREFIX}${operationId} of ${nodeId}`;
  await kube.createBootstrapToken(bootstrapToken, expiresWallMs, description);
  await store.put('handover', nodeId, entry, revision);
}

/**
 * Resolves to the revision of the entry after it. Whoever may write an entry that nobody can use yet
 * knows that nobody handed over this attempt before: so Node and member that were seen earlier are of
 * none that goes on, and no later ones are named like them.
 */
async function clearTheWay(
  { join, ifRevision, remains }: HandOver,
  entry: Handover,
  ports: Ports,
): Promise<number> {
  if (remains === undefined) return ifRevision;
  const claim = { ...entry, attempt: join.attempt - 1, sealed: NOTHING };
  const revision = await ports.store.put('handover', join.nodeId, claim, ifRevision);
  await removeRemains(remains, ports);
  return revision;
}

async function bundleFor(
  { task }: Join,
  bootstrapToken: string,
  files: HostFiles,
): Promise<HandoverBundle> {
  const caCertificate = await readShared(CLUSTER_CA_FILE, files);
  const shared = task === 'join-control-plane' ? await sharedFiles(files) : [];
  return { caCertificate, bootstrapToken, files: shared };
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
