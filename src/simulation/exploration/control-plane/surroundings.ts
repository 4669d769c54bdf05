/** What a node sees of the others. */
export interface Surroundings {
  readonly etcdHasQuorum: boolean;
  /** An API server of another node answers. */
  readonly reachesOthers: boolean;
  /** etcd would let its member go. */
  readonly mayLeaveEtcd: boolean;
  /** The control plane that is to hand over keys and token serves, and etcd answers it. */
  readonly sponsorServes: boolean;
  /** Another node has made the entry of the one init. */
  readonly initTaken: boolean;
  readonly logAnswers: boolean;
  /** What its copy of the log asks of it counts for nothing. */
  readonly askedInVain: boolean;
}
