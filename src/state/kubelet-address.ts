/** As kubeadm writes `kubeletExtraArgs` into the kubelet's flags. */
const NODE_IP = /--node-ip=([^\s"]+)/;

/** The address that a kubelet is told to report, from the file with its flags; undefined where there is none. */
export function kubeletAddress(flags: string): string | undefined {
  return NODE_IP.exec(flags)?.[1];
}

/** The same flags for a host at that address. */
export function withKubeletAddress(flags: string, address: string): string {
  return flags.replace(NODE_IP, `--node-ip=${address}`);
}
