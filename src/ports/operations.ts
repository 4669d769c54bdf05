/** How a long command stands, as the service manager tells, also to an agent that just restarted. */
export type OperationState =
  /** Never started, forgotten, or the machine was booted since. */
  | { readonly phase: 'absent' }
  /** Announced since the machine was booted, and provably never started. */
  | { readonly phase: 'announced' }
  | { readonly phase: 'running' }
  | { readonly phase: 'succeeded'; readonly output: string }
  | { readonly phase: 'failed'; readonly exitCode: number; readonly output: string };

/**
 * Long commands as transient systemd units named by operation, so that an agent's restart
 * neither kills nor repeats them. No secret may stand in `argv`.
 */
export interface Operations {
  /**
   * Says that a command of this name is about to be started. That is kept until the first `start` of
   * that name begins, it is forgotten, or the machine is booted.
   */
  announce(name: string): Promise<void>;
  /**
   * Starts the command unless a unit of that name exists; returns once it is started. What it wrote
   * below /etc and /var/lib is on disk before it has succeeded, and what kubeadm writes a second or two
   * after it was written, whether an agent lives or not, as far as the disk can be written.
   */
  start(name: string, argv: readonly [string, ...string[]], timeoutSeconds: number): Promise<void>;
  /** `output`: the last lines the command wrote, at most 8 KiB. */
  observe(name: string): Promise<OperationState>;
  /** Forgets a finished unit, or that one was announced; nothing when absent. */
  forget(name: string): Promise<void>;
}
