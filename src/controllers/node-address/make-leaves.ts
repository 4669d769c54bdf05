import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { wantedRelease } from '../../runtime/wanted-release.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { knownNames } from '../../state/kubeadm/known-names.ts';
import { leavesConfig } from '../../state/kubeadm/leaves-config.ts';
import { LEAVES_CONFIG_FILE } from '../../state/kubernetes-paths.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { leafPaths } from '../../state/leaf-files.ts';
import { versionOfManifest } from '../../state/static-pod-image.ts';
import { API_SERVER_MANIFEST, commandName } from './move.ts';

const SECRET = 0o600;
const COMMAND_TIMEOUT_SECONDS = 120;

interface Wanted {
  readonly names: readonly string[];
  readonly address: string;
  readonly clusterId: string;
}

/**
 * Starts kubeadm of the release that runs here, which makes every leaf that is not there. Safe to repeat:
 * nobody reaches what runs with those that go. Rejects with RetryableError `node-address.no-kubeadm`.
 */
export async function makeLeaves(wanted: Wanted, ports: Ports): Promise<void> {
  const { files, operations } = ports;
  const { names, address, clusterId } = wanted;
  const version = versionOfManifest((await files.read(API_SERVER_MANIFEST)) ?? '') ?? '';
  const { folder, problem } = await ports.releases.present(wantedRelease(ports, version));
  const config = configFor(version, { address, clusterId }, ports);
  if (folder === null || config === undefined) throw noKubeadm(version, problem);
  await files.write(LEAVES_CONFIG_FILE, config, SECRET);
  for (const path of leafPaths(names)) await files.remove(path);
  const argv = [`${folder}/kubeadm`, 'init', 'phase', 'certs', 'all'] as const;
  const flags = ['--config', LEAVES_CONFIG_FILE];
  await operations.start(commandName(address), [...argv, ...flags], COMMAND_TIMEOUT_SECONDS);
}

function configFor(
  version: string,
  { address, clusterId }: Pick<Wanted, 'address' | 'clusterId'>,
  { self, store }: Ports,
): string | undefined {
  const kubernetesVersion = parseKubernetesVersion(version);
  const spec = store.get('spec', SINGLETON)?.value;
  if (!kubernetesVersion || !spec) return undefined;
  const { hostname } = self.record;
  const own = { hostname, address, knownNames: knownNames(store.list('node')) };
  return leavesConfig({ kubernetesVersion, clusterId, spec, ...own });
}

function noKubeadm(version: string, problem: string | null): RetryableError {
  const message = `kubeadm ${version} is not on this host to make certificates for its new address: ${problem ?? 'the manifest of its API server names no release, so put it back'}`;
  return new RetryableError('node-address.no-kubeadm', message);
}
