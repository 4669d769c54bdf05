import type { SeedReport } from './seed-report.ts';

const TELL_EVERY_MS = 30_000;
const MS_PER_SECOND = 1_000;

interface Options {
  readonly seeds: number;
  /** On a terminal one line is written over again and again; elsewhere a new one now and then. */
  readonly isTerminal: boolean;
  nowMs(): number;
  write(text: string): void;
}

/** How far a search is, for people who wait for it; a failure is told at once. */
export interface Progress {
  tell(report: Pick<SeedReport, 'seed' | 'failure'>): void;
  /** So that what follows begins on a line of its own. */
  end(): void;
}

export function createProgress({ seeds, isTerminal, nowMs, write }: Options): Progress {
  const startedMs = nowMs();
  let toldMs = startedMs;
  let done = 0;
  let failed = 0;

  function line(): string {
    const seconds = Math.round((nowMs() - startedMs) / MS_PER_SECOND);
    return `${done} of ${seeds} seeds in ${seconds} s, ${failed} failed`;
  }

  return {
    tell({ seed, failure }) {
      done += 1;
      if (failure !== undefined) {
        failed += 1;
        write(`${isTerminal ? '\r\u001B[K' : ''}seed ${seed}: ${failure}\n`);
      }
      if (isTerminal) write(`\r${line()}`);
      else if (nowMs() - toldMs >= TELL_EVERY_MS) {
        toldMs = nowMs();
        write(`${line()}\n`);
      }
    },
    end() {
      if (isTerminal) write('\n');
    },
  };
}
