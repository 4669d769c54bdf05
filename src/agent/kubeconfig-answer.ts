import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { Peers } from '../ports/peers.ts';
import type { Store } from '../ports/store.ts';
import type { Node } from '../state/node.ts';

const ADMIN_CONF = '/etc/kubernetes/admin.conf';
const CALL = 'kubeconfig';
const callSchema = z.strictObject({ name: z.literal(CALL) });
const answerSchema = z.strictObject({ kubeconfig: z.string().max(65_536) });

interface Deps {
  readonly files: Pick<HostFiles, 'read'>;
  readonly peers: Peers;
  /** The log; undefined before there is a cluster. */
  store(): Store | undefined;
}

/** An admin kubeconfig whose server is the load balancer that every node has on 127.0.0.1:7443. */
export interface Kubeconfigs {
  /**
   * This host's own, else that of a control plane. RetryableError `kubeconfig.no-cluster` before there
   * is a cluster, `kubeconfig.none-yet` while no control plane has one.
   */
  obtain(): Promise<{ readonly kubeconfig: string }>;
}

/** Also answers peers, but only those that are enrolled: whoever is may become a control plane itself. */
export function serveKubeconfigs({ files, peers, store }: Deps): Kubeconfigs {
  peers.serve('call', async ({ from, body }) => {
    callSchema.parse(body);
    if (store()?.get('node', from) === undefined) {
      throw new RetryableError(
        'kubeconfig.not-enrolled',
        `Node ${from} is not enrolled: wait until it is.`,
      );
    }
    return own();
  });

  async function own(): Promise<{ kubeconfig: string }> {
    const kubeconfig = await files.read(ADMIN_CONF);
    if (kubeconfig !== undefined) return { kubeconfig };
    throw new RetryableError(
      'kubeconfig.none-here',
      `There is no ${ADMIN_CONF} on this host: ask a control plane.`,
    );
  }

  async function ask(node: Node): Promise<{ kubeconfig: string }> {
    const endpoint = { address: node.addresses[0] ?? '', port: node.peerPort };
    const { body } = await peers.request(endpoint, 'call', { name: CALL });
    return answerSchema.parse(body);
  }

  return {
    async obtain() {
      const log = store();
      if (!log) throw noCluster();
      const attempts = [own, ...controlPlanes(log).map((node) => () => ask(node))];
      for (const attempt of attempts) {
        const answer = await attempt().catch(() => undefined);
        if (answer) return answer;
      }
      throw new RetryableError(
        'kubeconfig.none-yet',
        'No control plane answers yet: see what `civitas status` waits for.',
      );
    },
  };
}

function noCluster(): RetryableError {
  return new RetryableError(
    'kubeconfig.no-cluster',
    'There is no cluster yet: see what `civitas status` waits for.',
  );
}

function controlPlanes(store: Store): readonly Node[] {
  return store.list('assignment').flatMap(({ key, value }) => {
    const node = value.role === 'control-plane' ? store.get('node', key) : undefined;
    return node ? [node.value] : [];
  });
}
