import { defaultCacheDir, ensureNatsServer } from '../src/adapters/nats-server-binary.ts';
import { coldStart } from './cold-start.ts';
import { detection } from './detection.ts';
import { type Figure, figureTable } from './figure.ts';
import { footprint } from './footprint.ts';
import { logFailover } from './log-failover.ts';

/** `npm run bench [-- footprint log detection 5 15 30]`: the figures that docs/figures.md shows. */
const SECTIONS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  footprint,
  log: logFailover,
  detection,
  '5': () => coldStart(5),
  '15': () => coldStart(15),
  '30': () => coldStart(30),
};

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : Object.keys(SECTIONS);
  const figures: Figure[] = [];
  for (const name of names) {
    const section = SECTIONS[name];
    if (!section) {
      process.stderr.write(`bench: no section ${name}: say ${Object.keys(SECTIONS).join(', ')}\n`);
      process.exitCode = 2;
      return;
    }
    process.stderr.write(`bench: ${name} …\n`);
    figures.push(...(await section()));
  }
  process.stdout.write(`${figureTable(figures)}\n`);
}

await ensureNatsServer({
  cacheDir: defaultCacheDir(process.env),
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
await main();
// Simulated hosts wait for their tokens and certificates to expire, and nobody waits for that.
process.exit();
