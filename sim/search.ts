import { Worker } from 'node:worker_threads';
import type { SeedReport } from './seed-report.ts';

export interface SearchOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly threads: number;
  onReport(report: SeedReport): void;
}

/** Runs all seeds, as many at a time as there are threads; resolves to the reports in order of seeds. */
export async function search(options: SearchOptions): Promise<readonly SeedReport[]> {
  const { firstSeed, seeds, threads, onReport } = options;
  const reports: SeedReport[] = [];
  let next = firstSeed;
  const work = Array.from({ length: Math.min(threads, seeds) }, () =>
    workThrough(
      () => {
        if (next >= firstSeed + seeds) return undefined;
        next += 1;
        return next - 1;
      },
      (report) => {
        reports.push(report);
        onReport(report);
      },
    ),
  );
  await Promise.all(work);
  return reports.sort((a, b) => a.seed - b.seed);
}

/** One thread, for as long as `nextSeed` has one for it. Rejects when the thread dies. */
function workThrough(
  nextSeed: () => number | undefined,
  onReport: (report: SeedReport) => void,
): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const goOn = () => {
      const seed = nextSeed();
      if (seed === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(seed);
    };
    worker.on('error', reject);
    worker.on('message', (report: SeedReport) => {
      onReport(report);
      goOn();
    });
    goOn();
  });
}
