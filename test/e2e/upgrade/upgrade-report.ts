import { plainTable } from '../../../src/cli/plain-table.ts';
import { STAGES } from '../../../src/state/rollout.ts';
import type { Tally } from '../support/clients.ts';
import { type RolloutTold, secondsOf } from '../support/rollouts.ts';

/** What an upgrade cost. */
interface UpgradeReport {
  readonly title: string;
  readonly rollout: RolloutTold;
  readonly tallies: readonly Tally[];
  /** Entries of the log in half a minute after it was done. */
  readonly logWrites: number;
}

/** Prints failed requests, seconds of each node, and how quiet it is afterwards. */
export function printReport({ title, rollout, tallies, logWrites }: UpgradeReport): void {
  const { startedWallMs, endedWallMs } = rollout;
  const took =
    startedWallMs === null || endedWallMs === null ? '-' : seconds(endedWallMs - startedWallMs);
  process.stdout.write(
    `\n${title}: ${rollout.state} after ${took} s; ${logWrites} log writes in the 30 s after it\n\n` +
      `${requestTable(tallies)}\n\n${nodeTable(rollout)}\n\n`,
  );
}

function requestTable(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ client, asked, failed }) => {
    const kinds = failed.map(({ status, exitCode }) => `${status}/${exitCode}`);
    const list = [...new Set(kinds)].join(' ') || '-';
    return [client.name, client.machine, String(asked), String(failed.length), list];
  });
  return plainTable(['CLIENT', 'ON', 'REQUESTS', 'FAILED', 'HTTP/CURL'], rows);
}

function nodeTable(rollout: RolloutTold): string {
  const nodes = [...secondsOf(rollout)].toSorted(([left], [right]) => left.localeCompare(right));
  const rows = nodes.map(([hostname, stages]) => {
    const each = STAGES.map((stage) => stages.get(stage));
    const all = each.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    return [hostname, ...each.map((value) => value?.toFixed(1) ?? '-'), all.toFixed(1)];
  });
  return plainTable(['NODE', ...STAGES.map((stage) => stage.toUpperCase()), 'SECONDS'], rows);
}

function seconds(durationMs: number): string {
  return (durationMs / 1_000).toFixed(1);
}
