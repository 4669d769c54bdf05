import { type JoinOptions, parseJoinOptions } from './join-options.ts';

/** Runs the agent until SIGTERM or SIGINT; both end it in order, the leader lease given back. */
export async function join(options: JoinOptions): Promise<void> {
  const agentOptions = await parseJoinOptions(options);
  const asked = askedToStop();
  // Loaded only now, so that a mistyped option is told at once.
  const { startAgent } = await import('../agent/agent.ts');
  const agent = await startAgent(agentOptions);
  try {
    await Promise.race([asked, agent.failed]);
  } finally {
    await agent.stop();
  }
}

function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
