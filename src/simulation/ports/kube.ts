import { TerminalError } from '../../errors.ts';
import type { Kube, KubeNode } from '../../ports/kube.ts';
import { TOKEN_DESCRIPTION_PREFIX } from '../../state/bootstrap-token.ts';
import { isAtWork } from '../api-access.ts';
import { NODE_USER_PREFIX } from '../kubeconfig.ts';
import { imageIn } from '../kubernetes-releases.ts';
import type { SimulatedNode } from '../simulated-cluster.ts';
import { splitToken } from '../tokens.ts';
import type { WorldState } from '../world-state.ts';
import { credentialsOf, kubeAccess, request } from './kube-access.ts';
import { simulatedConfigMaps } from './kube-config-maps.ts';
import { simulatedNodes } from './kube-nodes.ts';
import { simulatedWorkloads } from './kube-workloads.ts';
import { powered } from './powered.ts';

/** The Kubernetes API with the credentials of one simulated host. */
export function simulatedKube(world: WorldState, host: string): Kube {
  const access = kubeAccess(world, host);
  const { read, write } = access;

  return {
    ...simulatedNodes(world, access),
    ...simulatedWorkloads(world, access),
    ...simulatedConfigMaps(access),

    async localApiServerReady() {
      return powered(world, host).runtime.apiServerReady;
    },

    async localApiServerVersion() {
      const { apiServerReady, podManifests } = powered(world, host).runtime;
      if (!apiServerReady) return undefined;
      return imageIn(podManifests.get('kube-apiserver')).split(':').at(-1);
    },

    async localComponentHealthy(component) {
      return isAtWork(world, powered(world, host), component);
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
      return node && toKubeNode(node);
    },

    async nodes() {
      return [...read('list nodes').nodes.values()].map(toKubeNode);
    },

    async deprecatedApisInUse() {
      return [...read('read metrics').deprecatedApis];
    },

    async writtenObjects({ group, version, resource }, most) {
      const stored = read('list objects').stored.filter(
        (each) =>
          each.group === group && each.resource === resource && each.served.includes(version),
      );
      const objects = stored.map(({ object }) => object).slice(0, most);
      return { objects, all: objects.length === stored.length };
    },

    async initialised() {
      return read('read add-ons').addons.size === 2;
    },

    async bootstrapTokens() {
      const tokens = [...read('list bootstrap tokens').tokens.values()];
      return tokens.map(({ id, expiresWallMs, description }) => ({
        id,
        expiresWallMs,
        ours: description.startsWith(TOKEN_DESCRIPTION_PREFIX),
      }));
    },

    async createBootstrapToken(token, expiresWallMs, description) {
      write('create bootstrap tokens', ({ tokens }) => {
        const parts = splitToken(token);
        if (!parts) throw new TerminalError('kube.refused', 'the bootstrap token is malformed');
        const known = tokens.get(parts.id);
        if (known?.secret === parts.secret) return undefined;
        if (known) {
          throw new TerminalError(
            'kube.refused',
            `bootstrap token ${parts.id} exists: choose another`,
          );
        }
        tokens.set(parts.id, { ...parts, expiresWallMs, description });
        return { what: 'token', happened: 'created', detail: parts.id };
      });
    },

    async deleteBootstrapToken(id) {
      write('delete bootstrap tokens', ({ tokens }) =>
        tokens.delete(id) ? { what: 'token', happened: 'deleted', detail: id } : undefined,
      );
    },
  };
}

function toKubeNode(node: SimulatedNode): KubeNode {
  const { name, uid, ready, controlPlane, kubeletVersion, podCidr, internalIp } = node;
  return { name, uid, ready, controlPlane, kubeletVersion, podCidr, internalIp };
}
