import { defaultCacheDir, ensureNatsServer } from '../adapters/nats-server-binary.ts';
import { TerminalError } from '../errors.ts';
import { createDemoCluster, type DemoCluster } from './demo/demo-cluster.ts';
import { writeDemoToken } from './demo/demo-token.ts';
import { runLive } from './demo/live.ts';
import { runOnce } from './demo/once.ts';

interface Options {
  readonly once?: boolean;
  readonly nodes: string;
}

const MOST_AGENTS = 9;

/** Runs the demo, live on a terminal, else (or with `--once`) until the cluster is whole. */
export async function demo(options: Options): Promise<void> {
  const count = agentCount(options.nodes);
  await ensureNatsServer({
    cacheDir: defaultCacheDir(process.env),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const cluster = await createDemoCluster((file) => writeDemoToken(file, count));
  try {
    await startAgents(cluster, count);
    if (options.once || !process.stdin.isTTY || !process.stdout.isTTY) await runOnce(cluster);
    else await runLive(cluster);
  } finally {
    await cluster.stop();
  }
}

function agentCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_AGENTS) return count;
  throw new TerminalError(
    'cli.bad-nodes',
    `--nodes ${text} is wrong: the demo runs 1 to ${MOST_AGENTS} agents.`,
  );
}

async function startAgents(cluster: DemoCluster, count: number): Promise<void> {
  for (let started = 0; started < count; started += 1) await cluster.add();
}
