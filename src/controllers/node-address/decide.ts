import type { Requeue } from '../../state/requeue.ts';

const LOOK_AGAIN_MS = 10_000;
/** As kubeadm writes `kubeletExtraArgs` into the kubelet's flags. */
const NODE_IP = /--node-ip=([^\s"]+)/;

export interface Observed {
  /** Whether this host serves, so that no kubeadm is about to write what is looked at. */
  readonly serves: boolean;
  /** Preferred first. */
  readonly addresses: readonly string[];
  readonly hostsControlPlane: boolean;
  /** The file with the kubelet's flags; undefined where there is none. */
  readonly kubeletFlags: string | undefined;
  /** InternalIP of this host's Node; undefined where nobody answered, and once it was found right. */
  readonly registered: string | undefined;
}

export type Action =
  | { readonly type: 'write-flags'; readonly content: string }
  /** It tells Kubernetes its address once, at its start. */
  | { readonly type: 'restart-kubelet' };

/**
 * A worker's kubelet is told its new address when the host has lost the one it was set up for. A control
 * plane has the old one in its certificates and manifests, and has to come anew.
 */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { serves, addresses, hostsControlPlane, kubeletFlags } = observed;
  const configured = kubeletFlags && NODE_IP.exec(kubeletFlags)?.[1];
  const [address] = addresses;
  if (!serves || !kubeletFlags || !configured || address === undefined) return [];
  if (addresses.includes(configured)) return late(configured, observed);
  if (hostsControlPlane) return [waitForPeople(configured, addresses)];
  const content = kubeletFlags.replace(NODE_IP, `--node-ip=${address}`);
  return [{ type: 'write-flags', content }, { type: 'restart-kubelet' }];
}

/** An agent that ended between the two actions left a kubelet behind that knows nothing of it. */
function late(configured: string, { addresses, registered }: Observed): readonly Action[] {
  const isLate = registered !== undefined && registered !== configured;
  return isLate && !addresses.includes(registered) ? [{ type: 'restart-kubelet' }] : [];
}

function waitForPeople(configured: string, addresses: readonly string[]): Requeue {
  const message =
    `the control plane on this host is set up for ${configured}, and the host is at ` +
    `${addresses.join(', ')} now: give it the old address back; or stop civitas, run ` +
    '`kubeadm reset`, empty the state directory and start civitas again, as a new node';
  return {
    type: 'requeue',
    afterMs: LOOK_AGAIN_MS,
    waiting: { reason: 'address-changed', message },
  };
}
