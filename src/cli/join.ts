import { setFlagsFromString } from 'node:v8';
import { type JoinOptions, parseJoinOptions } from './join-options.ts';

/**
 * An agent lives for months and has little to do. Where bursts of work, such as a flood of packets,
 * may grow V8's space for new objects, they grow the process by 30 MB for good.
 */
const KEEP_NEW_SPACE_SMALL = '--semi-space-growth-factor=1';

/** Runs the agent until SIGTERM or SIGINT; both end it in order, the leader lease given back. */
export async function join(options: JoinOptions): Promise<void> {
  setFlagsFromString(KEEP_NEW_SPACE_SMALL);
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
