import { Worker } from 'node:worker_threads';
import type { SeedReport } from './seed-report.ts';

/** Most of what a run makes is garbage within moments: a roomy nursery saves a twentieth of the CPU. */
const YOUNG_MIB = 192;

export interface SearchOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly threads: number;
  onReport(report: SeedReport): void;
  /** A thread that answers a seed with its report; by default one that runs it. */
  readonly newWorker?: () => Worker;
}

/**
 * Runs all seeds, as many at a time as there are threads; resolves to the reports in order of seeds.
 * Rejects when a thread dies, with its seed and the cause; the others are ended then.
 */
export async function search(options: SearchOptions): Promise<readonly SeedReport[]> {
  const { firstSeed, seeds, threads, onReport } = options;
  const reports: SeedReport[] = [];
  let next = firstSeed;
  const nextSeed = () => {
    if (next >= firstSeed + seeds) return undefined;
    next += 1;
    return next - 1;
  };
  const workers = Array.from({ length: Math.min(threads, seeds) }, options.newWorker ?? newWorker);
  try {
    await Promise.all(
      workers.map((worker) =>
        workThrough(worker, nextSeed, (report) => {
          reports.push(report);
          onReport(report);
        }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return reports.sort((a, b) => a.seed - b.seed);
}

function newWorker(): Worker {
  const url = new URL('./worker.ts', import.meta.url);
  return new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
}

/** One thread, for as long as `nextSeed` has one for it. */
function workThrough(
  worker: Worker,
  nextSeed: () => number | undefined,
  onReport: (report: SeedReport) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let seed: number | undefined;
    const goOn = () => {
      seed = nextSeed();
      if (seed === undefined) resolve();
      else worker.postMessage(seed);
    };
    const die = (cause: unknown) => reject(new Error(`the thread of seed ${seed} died`, { cause }));
    worker.on('error', die);
    worker.on('exit', (code) => die(new Error(`it ended with code ${code}`)));
    worker.on('message', (report: SeedReport) => {
      onReport(report);
      goOn();
    });
    goOn();
  });
}
