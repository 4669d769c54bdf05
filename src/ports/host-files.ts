/** Files of the host outside civitas' own state: /etc/kubernetes, CNI, HAProxy, units. */
export interface HostFiles {
  /** Undefined when there is no such file. Text only, at most 1 MiB. */
  read(path: string): Promise<string | undefined>;
  /** Atomic: tmp + fsync + rename. Creates missing folders 0700 for secret modes, else 0755. */
  write(path: string, content: string, mode: number): Promise<void>;
  /** Creates a folder and its parents; nothing when it exists. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** Nothing when there is no such file. */
  remove(path: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<readonly string[]>;
  /**
   * Makes durable what other programs wrote without fsync: resolves once every file and folder at or
   * below `paths`, and the names that lead to them, would survive a power cut. What does not exist
   * is passed over; symbolic links below are kept as links, and what they name is not looked at.
   */
  sync(paths: readonly string[]): Promise<void>;
}
