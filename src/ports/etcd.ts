export interface EtcdMember {
  /** Hexadecimal, as etcdctl prints it. */
  readonly id: string;
  /** Empty while the member was added but never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly learner: boolean;
}

/** This host's own etcd; only on control planes. */
export interface Etcd {
  /** Linearizable. Undefined when the host runs no etcd; RetryableError `etcd.unreachable` without quorum. */
  members(): Promise<readonly EtcdMember[] | undefined>;
}
