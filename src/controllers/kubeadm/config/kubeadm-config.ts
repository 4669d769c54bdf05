import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { TOKEN_DESCRIPTION_PREFIX } from '../../../state/bootstrap-token.ts';
import { clusterConfiguration } from '../../../state/kubeadm/cluster-configuration.ts';
import {
  kubeletConfiguration,
  kubeProxyConfiguration,
} from '../../../state/kubeadm/component-configs.ts';
import { type Fields, kubeadmDialect } from '../../../state/kubeadm/kubeadm-dialect.ts';
import type { JoinTask, KubeadmInput } from '../../../state/kubeadm/kubeadm-input.ts';
import { patchedDocument } from '../../../state/kubeadm/patched-document.ts';
import { DISCOVERY_FILE } from '../../../state/kubernetes-paths.ts';
import { nodeRegistration } from './node-registration.ts';

/** The port of every API server; the balancers' servers name it too. */
const API_SERVER_PORT = 6443;

/** kubeadm's group: tokens of it may read what a join needs and have their certificate approved. */
const TOKEN_GROUP = 'system:bootstrappers:kubeadm:default-node-token';

const joinFileSchema = z.object({ discovery: z.object({ tlsBootstrapToken: z.string() }) });

/** The file for `kubeadm init --config`. It holds no secret. */
export function initConfig(input: KubeadmInput): string {
  const dialect = kubeadmDialect(input.kubernetesVersion);
  return yamlDocuments([
    {
      apiVersion: dialect.apiVersion,
      kind: 'InitConfiguration',
      // `init` always makes a token, for 24 h unless told; this one expires before anybody could use it.
      bootstrapTokens: [
        {
          description: `${TOKEN_DESCRIPTION_PREFIX}init, not for use`,
          ttl: '1s',
          usages: ['signing', 'authentication'],
          groups: [TOKEN_GROUP],
        },
      ],
      localAPIEndpoint: localApiEndpoint(input),
      nodeRegistration: nodeRegistration(dialect, input),
      ...dialect.timeoutFields,
    },
    patchedDocument('clusterConfiguration', clusterConfiguration(dialect, input), input),
    patchedDocument('kubeletConfiguration', kubeletConfiguration(input), input),
    patchedDocument('kubeProxyConfiguration', kubeProxyConfiguration(), input),
  ]);
}

/**
 * The file for `kubeadm join --config`, with the token in it: mode 0600, removed after the join.
 * The cluster's CA comes from the discovery file, so nothing is taken from the network on trust.
 */
export function joinConfig(task: JoinTask, token: string, input: KubeadmInput): string {
  const dialect = kubeadmDialect(input.kubernetesVersion);
  return yamlDocuments([
    {
      apiVersion: dialect.apiVersion,
      kind: 'JoinConfiguration',
      discovery: {
        file: { kubeConfigPath: DISCOVERY_FILE },
        tlsBootstrapToken: token,
        ...dialect.discoveryFields,
      },
      ...(task === 'join-control-plane' && {
        controlPlane: { localAPIEndpoint: localApiEndpoint(input) },
      }),
      nodeRegistration: nodeRegistration(dialect, input),
      ...dialect.timeoutFields,
    },
  ]);
}

/** The token in a file that `joinConfig` made; undefined when there is none in it. */
export function bootstrapTokenOf(config: string): string | undefined {
  return joinFileSchema.safeParse(parseDocument(config).toJS()).data?.discovery.tlsBootstrapToken;
}

function localApiEndpoint({ address }: KubeadmInput): Fields {
  return { advertiseAddress: address, bindPort: API_SERVER_PORT };
}

/** kubeadm reads YAML 1.1, where more words than `true` and `null` need quotes. */
function yamlDocuments(documents: readonly unknown[]): string {
  return documents
    .map((document) => stringify(document, { version: '1.1', lineWidth: 0 }))
    .join('---\n');
}
