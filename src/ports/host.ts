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
  /**
   * Looks, changes nothing. `kubernetesVersion` as in the spec, `v1.34.4`; with `kubeletVersion` the
   * programs that are linked are to be of that one, and kubeadm of the first lies in its own folder.
   */
  check(kubernetesVersion: string, kubeletVersion?: string): Promise<readonly HostCheck[]>;
  /** Brings one `can-prepare` item there; safe to repeat. */
  prepare(
    name: HostCheck['name'],
    kubernetesVersion: string,
    kubeletVersion?: string,
  ): Promise<void>;
  /**
   * Makes kubeadm, kubelet and kubectl on PATH those of that release, and the kubelet's service run that
   * kubelet from its next start on; safe to repeat. Rejects with RetryableError `host.binaries` when
   * they are not on this host, or a file that is no link of ours is in the way.
   */
  linkKubernetes(version: string): Promise<void>;
  /** Cgroup driver the container runtime uses, for the kubelet's configuration. */
  cgroupDriver(): Promise<'systemd' | 'cgroupfs'>;
  /** How long the kubelet has run since it was last started; undefined while it does not run. */
  kubeletRunsForMs(): Promise<number | undefined>;
  /** Resolves once it is started again. Containers, those of static pods too, go on meanwhile. */
  restartKubelet(): Promise<void>;
  /**
   * Stops the kubelet, then ends scheduler, controller manager, API server and etcd, one after the other
   * and by SIGTERM, so that each ends what it does; resolves once none runs. `restartKubelet` starts
   * them all. An API server that is held up by a watch is killed after 15 s; RetryableError
   * `host.processes` when something does not end at all.
   */
  stopStaticPods(): Promise<void>;
  /** The service manager reads all its unit files anew; nothing is restarted. */
  readUnitsAnew(): Promise<void>;
  /** Names of running processes of etcd and the control plane, as the kernel cuts them to 15 characters. */
  controlPlaneProcesses(): Promise<readonly string[]>;
}
