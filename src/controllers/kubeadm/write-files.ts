import { RetryableError, TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import { type HandoverBundle, handoverBundleSchema } from '../../state/handover.ts';
import type { HostMarker } from '../../state/host-marker.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { knownNames } from '../../state/kubeadm/known-names.ts';
import type { JoinTask, KubeadmInput } from '../../state/kubeadm/kubeadm-input.ts';
import {
  AUDIT_POLICY_FILE,
  DISCOVERY_FILE,
  ENCRYPTION_FILE,
  KUBEADM_CONFIG_FILE,
  MARKER_FILE,
  SHARED_FILES,
} from '../../state/kubernetes-paths.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { AUDIT_POLICY } from './config/audit-policy.ts';
import { discoveryKubeconfig } from './config/discovery-kubeconfig.ts';
import { ENCRYPTION_KEY_BYTES, encryptionConfig } from './config/encryption-config.ts';
import { initConfig, joinConfig } from './config/kubeadm-config.ts';

const SECRET = 0o600;

/** Writes what kubeadm needs, the marker first. Safe to repeat: what stands there already is left alone. */
export async function writeFiles(
  assignment: Assignment,
  clusterId: string,
  ports: Ports,
): Promise<void> {
  const { nodeId, incarnation, operationId, task } = assignment;
  const marker: HostMarker = { clusterId, nodeId, incarnation, operationId };
  await ports.files.write(MARKER_FILE, `${JSON.stringify(marker)}\n`, SECRET);

  switch (task) {
    case 'init':
      return writeInitFiles(await kubeadmInput(assignment, clusterId, ports), ports);
    case 'join-control-plane':
    case 'join-worker':
      return writeJoinFiles(task, assignment, clusterId, ports);
    case 'promote':
      return writeJoinFiles('join-control-plane', assignment, clusterId, ports);
    case 'stand-by':
    case 'demote':
    case 'retire':
      return;
  }
}

async function writeInitFiles(input: KubeadmInput, { files, random }: Ports): Promise<void> {
  if ((await files.read(ENCRYPTION_FILE)) === undefined) {
    const key = random.bytes(ENCRYPTION_KEY_BYTES);
    await files.write(ENCRYPTION_FILE, encryptionConfig(key), SECRET);
  }
  await files.write(AUDIT_POLICY_FILE, AUDIT_POLICY, SECRET);
  await files.write(KUBEADM_CONFIG_FILE, initConfig(input), SECRET);
}

async function writeJoinFiles(
  task: JoinTask,
  assignment: Assignment,
  clusterId: string,
  ports: Ports,
): Promise<void> {
  const { files } = ports;
  const input = await kubeadmInput(assignment, clusterId, ports);
  const bundle = openHandover(assignment, ports);
  for (const { path, content } of bundle.files) {
    await files.write(path, content, sharedFileMode(path, task));
  }
  await files.write(DISCOVERY_FILE, discoveryKubeconfig(bundle.caCertificate), SECRET);
  const config = joinConfig(task, bundle.bootstrapToken, input);
  await files.write(KUBEADM_CONFIG_FILE, config, SECRET);
}

/** Whatever a sponsor sends, nothing but the shared files of control planes is ever written. */
function sharedFileMode(path: string, task: JoinTask): number {
  const shared = SHARED_FILES.find((file) => file.path === path);
  if (shared && task === 'join-control-plane') return shared.mode;
  throw new TerminalError(
    'handover.unexpected-file',
    `the handover holds ${path}, which a ${task} does not need: upgrade civitas on the sponsoring control plane`,
  );
}

function openHandover(assignment: Assignment, { sealer, store }: Ports): HandoverBundle {
  const { nodeId, operationId } = assignment;
  const entry = store.get('handover', nodeId)?.value;
  if (entry?.operationId !== operationId) {
    throw new RetryableError(
      'handover.absent',
      `the handover for operation ${operationId} is gone: waiting for the sponsor to make another`,
    );
  }
  const bundle = handoverBundleSchema.safeParse(JSON.parse(sealer.open(entry.sealed)));
  if (bundle.success) return bundle.data;
  throw new TerminalError(
    'handover.unreadable',
    `the handover from ${entry.sponsor} can not be read: run the same civitas version on all control planes`,
  );
}

async function kubeadmInput(
  { kubernetesVersion }: Assignment,
  clusterId: string,
  { host, self, store }: Ports,
): Promise<KubeadmInput> {
  const version = parseKubernetesVersion(kubernetesVersion);
  const spec = store.get('spec', SINGLETON)?.value;
  const [address] = self.record.addresses;
  if (!version || !spec || address === undefined) {
    throw new RetryableError(
      'kubeadm.input-missing',
      `kubeadm ${kubernetesVersion} needs the cluster spec and an address of this node: waiting for the log`,
    );
  }
  return {
    kubernetesVersion: version,
    clusterId,
    spec,
    hostname: self.record.hostname,
    address,
    cgroupDriver: await host.cgroupDriver(),
    knownNames: knownNames(store.list('node')),
  };
}
