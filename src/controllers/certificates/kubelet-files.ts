import { RetryableError, TerminalError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import type { Ports } from '../../ports/index.ts';
import { newBootstrapToken } from '../../state/bootstrap-token.ts';
import { type HandoverBundle, handoverBundleSchema } from '../../state/handover.ts';
import { bootstrapKubeconfig, serverIn } from '../../state/kubeadm/bootstrap-kubeconfig.ts';
import { kubeletHandover } from '../../state/kubelet-credentials.ts';
import {
  BOOTSTRAP_KUBELET_CONF_FILE,
  CLUSTER_CA_FILE,
  KUBELET_CERTIFICATE_FILE,
  KUBELET_CONF_FILE,
  KUBELET_PKI_FOLDER,
  KUBERNETES_FOLDER,
} from '../../state/kubernetes-paths.ts';
import { KUBELET_SERVING_LEAF, LEAF_FILES } from '../../state/leaf-files.ts';

const SECRET = 0o600;
const EMBEDDED = /^(\s*client-(?:certificate|key))-data: .*$/gm;

/** A kubelet starts with any token, and static pods with it; nobody ever takes this one. */
export async function holdKubelet({ files, host, random }: Ports): Promise<void> {
  const caCertificate = await files.read(CLUSTER_CA_FILE);
  if (caCertificate === undefined) {
    throw new RetryableError(
      'certificates.authority-missing',
      `the kubelet can not be given another certificate because ${CLUSTER_CA_FILE} is missing: bring it back from another control plane`,
    );
  }
  await writeBootstrap(caCertificate, newBootstrapToken(random.bytes), files);
  await host.restartKubelet();
}

/** A kubelet asks for a certificate at its start, and ever more seldom afterwards. */
export async function bootstrapKubelet(ports: Ports): Promise<void> {
  const { caCertificate, bootstrapToken } = openHandover(ports);
  await writeBootstrap(caCertificate, bootstrapToken, ports.files);
  await ports.host.restartKubelet();
}

/** The kubelet takes the server over into kubelet.conf, so that has to stay: a control plane's is its own. */
async function writeBootstrap(
  caCertificate: string,
  token: string,
  files: HostFiles,
): Promise<void> {
  const server = serverIn((await files.read(KUBELET_CONF_FILE)) ?? '');
  const content = bootstrapKubeconfig(caCertificate, token, server);
  await files.write(BOOTSTRAP_KUBELET_CONF_FILE, content, SECRET);
}

/** Only once a power cut can not take the certificate again that the token was for. */
export async function removeBootstrap(files: HostFiles): Promise<void> {
  await files.sync([KUBERNETES_FOLDER, KUBELET_PKI_FOLDER]);
  await files.remove(BOOTSTRAP_KUBELET_CONF_FILE);
}

/** Both fields of the user; the kubelet reads the file when it starts next. */
export async function nameRotated(files: HostFiles): Promise<void> {
  const kubeconfig = (await files.read(KUBELET_CONF_FILE)) ?? '';
  const content = kubeconfig.replace(EMBEDDED, `$1: ${KUBELET_CERTIFICATE_FILE}`);
  if (content !== kubeconfig) await files.write(KUBELET_CONF_FILE, content, SECRET);
}

/** A kubelet that finds no certificate of its own signs another. */
export async function renewServing({ files, host }: Pick<Ports, 'files' | 'host'>): Promise<void> {
  const leaf = LEAF_FILES.find(({ name }) => name === KUBELET_SERVING_LEAF);
  if (leaf?.keyPath) await files.remove(leaf.keyPath);
  if (leaf) await files.remove(leaf.path);
  await host.restartKubelet();
}

function openHandover({ sealer, self, store }: Ports): HandoverBundle {
  const entry = store.get('handover', self.nodeId)?.value;
  if (entry?.operationId !== kubeletHandover(self.nodeId)) {
    throw new RetryableError(
      'certificates.handover-absent',
      'the token for the kubelet of this host is gone: waiting for a control plane to hand over another',
    );
  }
  const bundle = handoverBundleSchema.safeParse(JSON.parse(sealer.open(entry.sealed)));
  if (bundle.success) return bundle.data;
  throw new TerminalError(
    'certificates.handover-unreadable',
    `the token from ${entry.sponsor} can not be read: run the same civitas version on all control planes`,
  );
}
