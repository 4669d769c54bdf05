import { RetryableError, TerminalError } from '../../errors.ts';
import type { Kube } from '../../ports/kube.ts';
import { TOKEN_DESCRIPTION_PREFIX } from '../../state/bootstrap-token.ts';
import { askApi } from '../api-access.ts';
import { type Kubeconfig, NODE_USER_PREFIX, readKubeconfig } from '../kubeconfig.ts';
import { ADMIN_CONF, KUBELET_CONF } from '../paths.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { readFile } from '../simulated-disk.ts';
import { splitToken } from '../tokens.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

/** The Kubernetes API with the credentials of one simulated host. */
export function simulatedKube(world: WorldState, host: string): Kube {
  function asAdmin(doing: string): SimulatedCluster {
    const credentials = credentialsOf(world, host);
    if (credentials?.role === 'admin') return request(world, host, credentials.kubeconfig);
    throw new TerminalError(
      'kube.refused',
      `${host} may not ${doing}: it holds no admin.conf, only control planes do`,
    );
  }

  return {
    async localApiServerReady() {
      return powered(world, host).runtime.apiServerReady;
    },

    async ownNode(name) {
      const credentials = credentialsOf(world, host);
      if (!credentials) return undefined;
      const { role, kubeconfig } = credentials;
      const cluster = request(world, host, kubeconfig);
      if (role === 'node' && kubeconfig.user !== `${NODE_USER_PREFIX}${name}`) {
        const message = `${kubeconfig.user} may not read node ${name}: a kubelet reads only its own`;
        throw new TerminalError('kube.refused', message);
      }
      const node = cluster.nodes.get(name);
      return node && { ...node };
    },

    async nodes() {
      return [...asAdmin('list nodes').nodes.values()].map((node) => ({ ...node }));
    },

    async initialised() {
      return asAdmin('read add-ons').addons.size === 2;
    },

    async bootstrapTokens() {
      const tokens = [...asAdmin('list bootstrap tokens').tokens.values()];
      return tokens.map(({ id, expiresWallMs, description }) => ({
        id,
        expiresWallMs,
        ours: description.startsWith(TOKEN_DESCRIPTION_PREFIX),
      }));
    },

    async createBootstrapToken(token, expiresWallMs, description) {
      const { tokens } = asAdmin('create bootstrap tokens');
      const parts = splitToken(token);
      if (!parts) throw new TerminalError('kube.refused', 'the bootstrap token is malformed');
      if (tokens.has(parts.id)) {
        throw new TerminalError(
          'kube.refused',
          `bootstrap token ${parts.id} exists: choose another`,
        );
      }
      tokens.set(parts.id, { ...parts, expiresWallMs, description });
      record(world, host, 'token.created', parts.id);
    },

    async deleteBootstrapToken(id) {
      if (!asAdmin('delete bootstrap tokens').tokens.delete(id)) return;
      record(world, host, 'token.deleted', id);
    },
  };
}

function credentialsOf(world: WorldState, host: string) {
  const { disk } = powered(world, host);
  const admin = readKubeconfig(readFile(disk, ADMIN_CONF));
  if (admin) return { role: 'admin', kubeconfig: admin } as const;
  const kubelet = readKubeconfig(readFile(disk, KUBELET_CONF));
  return kubelet && ({ role: 'node', kubeconfig: kubelet } as const);
}

function request(world: WorldState, host: string, kubeconfig: Kubeconfig): SimulatedCluster {
  const answer = askApi(world, powered(world, host), kubeconfig);
  if (answer.outcome === 'answered') return answer.cluster;
  const { server } = kubeconfig;
  throw new RetryableError(
    'kube.unreachable',
    `no API server answers at ${server}: ${answer.text}`,
  );
}
