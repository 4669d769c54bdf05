import type { Bundle } from '../state/bundle.ts';
import type { NodeId } from '../state/node-id.ts';

/** A node that may have files of a bundle. */
export interface ReleasePeer {
  readonly nodeId: NodeId;
  readonly address: string;
  readonly port: number;
}

/** A release, where its parts may come from, and the sums by which they are judged. */
export interface WantedRelease {
  /** `v1.34.4`. */
  readonly version: string;
  /** `spec.binaries.url`; null: none. */
  readonly url: string | null;
  /** `spec.binaries.sha256`, by `<version>/<arch>/<program>`: counts more than any other sum. */
  readonly sha256: Readonly<Record<string, string>>;
  /** All that the log has; those of other releases and processors are passed over. */
  readonly bundles: readonly Bundle[];
  /** Other nodes, in any order. */
  readonly peers: readonly ReleasePeer[];
}

export interface ReleasePresence {
  /**
   * The folder with kubeadm, kubelet and kubectl, all three right by the sums that are known, or else by
   * the version they say they are; null while there is none.
   */
  readonly folder: string | null;
  /** Why there is none, in a sentence with the cure; null with a folder. */
  readonly problem: string | null;
}

/** How far `obtain` is. Kept by this process only: after its restart it is `idle`. */
export type ReleaseProgress =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'under-way';
      /** What is being fetched or imported; empty before the first. */
      readonly file: string;
      readonly doneBytes: number;
      /** Null as long as nobody said. */
      readonly totalBytes: number | null;
    }
  | { readonly phase: 'done' }
  /** `code` is one of docs/errors.md; with `retryable` the same attempt may succeed later. */
  | {
      readonly phase: 'failed';
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    };

/** Programs and container images of releases of Kubernetes on this host, and how they get there. */
export interface Releases {
  /**
   * Looks at the programs, changes nothing. Cheap to repeat: a file is read, or a program asked for its
   * version, once for as long as it stays the same.
   */
  present(wanted: WantedRelease): Promise<ReleasePresence>;
  /**
   * Names of the images in the container runtime's store, sorted. Starts a program each time. Rejects
   * with RetryableError `release.runtime` when the runtime does not answer.
   */
  images(): Promise<readonly string[]>;
  /**
   * Begins to bring what `present` misses, and the images of a bundle of this release, and returns; nothing
   * while that is under way for the version. No file gets its name before its sum was found right, what
   * was half fetched is gone on with, and nothing is kept of what has a wrong sum. Images stay when the
   * kubelet clears its disk.
   */
  obtain(wanted: WantedRelease): Promise<void>;
  /** Of the last `obtain` of that version. A failure stands until the next one. */
  progress(version: string): Promise<ReleaseProgress>;
}
