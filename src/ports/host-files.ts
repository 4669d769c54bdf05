/** Files of the host outside civitas' own state: /etc/kubernetes, CNI, HAProxy, units. */
export interface HostFiles {
  /** Undefined when there is no such file. Text only, at most 1 MiB. */
  read(path: string): Promise<string | undefined>;
  /**
   * Of each path, without reading the file: another one whenever somebody wrote, replaced or renamed it;
   * null where there is none. Two changes within one tick of the kernel's clock, some milliseconds, may
   * share one.
   */
  stamps(paths: readonly string[]): Promise<readonly (string | null)[]>;
  /** Atomic: tmp + fsync + rename. Creates missing folders 0700 for secret modes, else 0755. */
  write(path: string, content: string, mode: number): Promise<void>;
  /** Creates a folder and its parents; nothing when it exists. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** Nothing when there is no such file. */
  remove(path: string): Promise<void>;
  /** Removes a file, or a folder with all that is below it; nothing when there is neither. */
  removeTree(path: string): Promise<void>;
  /**
   * Renames a file within one file system, over one of that name, and makes that durable. Creates a
   * missing folder 0700. Nothing when there is no such file.
   */
  move(from: string, to: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<readonly string[]>;
  /**
   * Makes durable what other programs wrote without fsync: resolves once every file and folder at or
   * below `paths`, and the names that lead to them, would survive a power cut. What does not exist
   * is passed over; symbolic links below are kept as links, and what they name is not looked at.
   */
  sync(paths: readonly string[]): Promise<void>;
}
