import { setFlagsFromString } from 'node:v8';
import { config } from 'zod';
import { type JoinOptions, parseJoinOptions } from './join-options.ts';

/**
 * An agent lives for months and has little to do, so V8 should not trade memory for speed. Together
 * 15 MB: its space for new objects does not grow in a burst such as a flood of packets, garbage is
 * collected before the heap grows, and nothing is worth its optimizing compilers.
 */
const FRUGAL_V8 = [
  '--semi-space-growth-factor=1',
  '--optimize-for-size',
  '--no-opt',
  '--no-maglev',
];

/** Runs the agent until SIGTERM or SIGINT; both end it in order, the leader lease given back. */
export async function join(options: JoinOptions): Promise<void> {
  for (const flag of FRUGAL_V8) setFlagsFromString(flag);
  // Nor are compiled checks of messages that come a few times a second.
  config({ jitless: true });
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
