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
}
