import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { paintFor } from '../paint.ts';
import type { DemoCluster } from './demo-cluster.ts';
import { renderScreen } from './demo-screen.ts';
import { type Sightings, timeline } from './timeline.ts';

const LOOK_MS = 200;

/** Shows the cluster on the terminal and obeys the keys until `q` or Ctrl-C. */
export async function runLive(cluster: DemoCluster): Promise<void> {
  const draw = createLogUpdate(process.stdout);
  const startMs = performance.now();
  const program = relative(process.cwd(), process.argv[1] ?? '');
  const lines: string[] = [];
  const say = (line: string): void => {
    lines.push(`${((performance.now() - startMs) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  };
  const keys = listenToKeys(cluster, say);
  let sightings: Sightings = new Map();
  while (!keys.quit()) {
    const next = await cluster.look();
    for (const line of timeline(sightings, next)) say(line);
    sightings = next;
    const agents = cluster.agents().map(({ name, running }) => ({ name, running: running() }));
    const paint = paintFor(process.stdout);
    draw(
      renderScreen({
        sightings,
        agents,
        lines,
        selected: keys.selected(),
        asks: `node ${program} edit --state-dir ${join(cluster.folder, keys.selected())}`,
        wallMs: Date.now(),
        paint,
      }),
    );
    await delay(LOOK_MS);
  }
  keys.stop();
  draw.done();
}

interface Keys {
  readonly quit: () => boolean;
  readonly selected: () => string;
  readonly stop: () => void;
}

function listenToKeys(cluster: DemoCluster, say: (line: string) => void): Keys {
  let quit = false;
  let selected = 'n1';
  const does: Record<string, () => Promise<unknown>> = {
    k: () => cluster.kill(selected),
    b: () => cluster.boot(selected),
    a: () => cluster.add(),
  };
  const onKey = (key: string): void => {
    if (key === 'q' || key === '\u0003') quit = true;
    const number = Number(key);
    if (number >= 1 && number <= cluster.agents().length) selected = `n${number}`;
    const act = does[key];
    if (!act) return;
    say(`you press ${key}${key === 'a' ? '' : ` on ${selected}`}`);
    act().catch((error: unknown) => say(String(error)));
  };
  process.stdin.setRawMode(true).setEncoding('utf8').resume().on('data', onKey);
  return {
    quit: () => quit,
    selected: () => selected,
    stop: () => process.stdin.setRawMode(false).off('data', onKey).pause(),
  };
}
