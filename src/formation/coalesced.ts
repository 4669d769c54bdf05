/**
 * Runs `work` whenever it is called for, one run at a time: calls during a run are answered by
 * one more run after it. `work` may not reject.
 */
export function coalesced(work: () => Promise<void>): () => void {
  let phase: 'idle' | 'running' | 'again' = 'idle';

  async function run(): Promise<void> {
    phase = 'running';
    await work();
    const isWanted = isAgain();
    phase = 'idle';
    if (isWanted) await run();
  }

  /** A function of its own, since the compiler does not see that the phase changed meanwhile. */
  function isAgain(): boolean {
    return phase === 'again';
  }

  return () => {
    if (phase === 'idle') void run();
    else phase = 'again';
  };
}
