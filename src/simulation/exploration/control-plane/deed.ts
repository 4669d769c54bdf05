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
    }
  /** Its member leaves etcd, whoever sees to it. */
  | { readonly type: 'remove'; readonly place: number }
  | { readonly type: 'complete'; readonly place: number; readonly again: boolean };
