import type { Asked } from './place.ts';

/** What is done to the world in one move, as far as an invariant looks at it. `place` is an index. */
export type Deed =
  | {
      readonly type: 'assign';
      readonly place: number;
      readonly asked: Asked;
      /** Decided by a leader that was deposed since. */
      readonly late: boolean;
    }
  | {
      readonly type: 'obey';
      readonly place: number;
      readonly term: number;
      readonly highest: number;
    }
  | {
      readonly type: 'start';
      readonly place: number;
      readonly asked: Asked;
      readonly attempt: number;
      /** Last attempt of this operation that was started before. */
      readonly startedBefore: number;
      /** The log has the entry that says so. */
      readonly isCommitted: boolean;
      readonly logAnswers: boolean;
    }
  | {
      readonly type: 'reset';
      readonly place: number;
      readonly isCommitted: boolean;
      /** Its operation ended well once. */
      readonly hasServed: boolean;
      readonly isLetGo: boolean;
      /** Etcd has it among its members as the reset starts. */
      readonly isMember: boolean;
    }
  /** What a control plane has is taken from the host. */
  | { readonly type: 'take-down'; readonly place: number; readonly isLetGo: boolean }
  /** One more phase of an attempt that began. */
  | {
      readonly type: 'go-on';
      readonly place: number;
      readonly asked: Asked;
      readonly isCommitted: boolean;
    }
  /** What was parked at the boot is where it counts again. */
  | { readonly type: 'give-back'; readonly place: number; readonly isSynced: boolean }
  /** Somebody else takes its member out of etcd, or tries to. */
  | { readonly type: 'remove'; readonly place: number }
  | { readonly type: 'complete'; readonly place: number; readonly again: boolean };
