/** One thing a host needs before kubeadm may run. */
export interface HostCheck {
  readonly name:
    | 'kernel-modules'
    | 'sysctl'
    | 'swap'
    | 'containerd'
    | 'binaries'
    | 'manifests-folder'
    | 'kubelet-service'
    | 'haproxy';
  readonly state: 'ok' | 'can-prepare' | 'missing';
  /** For `missing`: the sentence that names the thing and the cure; else what was found. */
  readonly message: string;
}

export interface Host {
  /** Looks, changes nothing. `kubernetesVersion` as in the spec, `v1.34.4`. */
  check(kubernetesVersion: string): Promise<readonly HostCheck[]>;
  /** Brings one `can-prepare` item there; safe to repeat. */
  prepare(name: HostCheck['name'], kubernetesVersion: string): Promise<void>;
  /** Cgroup driver the container runtime uses, for the kubelet's configuration. */
  cgroupDriver(): Promise<'systemd' | 'cgroupfs'>;
  /** How long the kubelet has run since it was last started; undefined while it does not run. */
  kubeletRunsForMs(): Promise<number | undefined>;
  /** Resolves once it is started again. Containers, those of static pods too, go on meanwhile. */
  restartKubelet(): Promise<void>;
  /** Names of running processes of etcd and the control plane, as the kernel cuts them to 15 characters. */
  controlPlaneProcesses(): Promise<readonly string[]>;
}
