import { z } from 'zod';
import { parseJson } from '../state/parse-json.ts';

/** First by name, so that containerd takes it before a package's example. */
export const CNI_CONFLIST_PATH = '/etc/cni/net.d/10-civitas.conflist';
export const CNI_PLUGINS = ['bridge', 'host-local', 'loopback', 'portmap'];
export const POD_BRIDGE = 'cni0';

/**
 * A bridge for the node's pods (CNI 1.0.0). Masquerading is ours, by the pod subnet as a whole:
 * the plugin's own would hide pods from those of other nodes.
 */
export function renderCniConflist(podCidr: string): string {
  const bridge = {
    type: 'bridge',
    bridge: POD_BRIDGE,
    isGateway: true,
    hairpinMode: true,
    ipMasq: false,
    ipam: {
      type: 'host-local',
      ranges: [[{ subnet: podCidr }]],
      routes: [{ dst: '0.0.0.0/0' }],
    },
  };
  const portmap = { type: 'portmap', capabilities: { portMappings: true } };
  const conflist = { cniVersion: '1.0.0', name: 'civitas', plugins: [bridge, portmap] };
  return `${JSON.stringify(conflist, null, 2)}\n`;
}

const bridgeSchema = z.object({
  ipam: z.object({ ranges: z.tuple([z.tuple([z.object({ subnet: z.string() })])]) }),
});
const conflistSchema = z.object({ plugins: z.tuple([bridgeSchema], z.unknown()) });

/** The pod network of a configuration of ours; null for none, or one that somebody changed. */
export function parseCniPodCidr(conflist: string | undefined): string | null {
  const parsed = conflistSchema.safeParse(parseJson(conflist ?? ''));
  return parsed.success ? parsed.data.plugins[0].ipam.ranges[0][0].subnet : null;
}
