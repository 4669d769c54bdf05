import { openBenchRoom } from './bench-room.ts';
import { type Figure, spread } from './figure.ts';

const PEERS: Readonly<Record<number, string>> = {
  5: 'serf -discover 60.1 s; serf with a seed 0.2-1.2 s',
  15: 'serf -discover 60.2 s; serf with a seed 0.3-0.4 s',
  30: 'serf with a seed 0.7-1.5 s',
};

/**
 * N agents at once, multicast DNS only: from the moment the last one listens until each has met all
 * others, until each has the genesis record, and until the log answers the first.
 */
export async function coldStart(count: number): Promise<readonly Figure[]> {
  const room = await openBenchRoom(count);
  try {
    await room.start(count);
    await room.waitFor('log.answered', count);
    const lines = await room.lines();
    const at = (event: string): number[] => {
      return lines.filter((line) => line.event === event).map(({ atMs }) => atMs);
    };
    const listening = Math.max(...at('agent.listening'));
    const metAll = room.agents.map(({ name }) => lastMeeting(lines, name, count - 1));
    const formed = at('genesis.formed');
    const answered = at('log.answered');
    const since = (values: readonly number[]): number[] =>
      values.map((value) => Math.max(0, value - listening));
    return [
      {
        what: `cold start N=${count}: sees all`,
        measured: spread(since(metAll)),
        goal: 'p50 2 s, max 5 s',
        peers: PEERS[count] ?? '-',
      },
      {
        what: `cold start N=${count}: genesis everywhere`,
        measured: spread(since(formed)),
        goal: 'within 3 s of a visible quorum',
        peers: 'etcd, 3 static members to first write: 0.33 / 1.13 / 2.45 s',
      },
      {
        what: `cold start N=${count}: log answers`,
        measured: spread(since(answered)),
        goal: '-',
        peers: 'JetStream 2.9, 3 servers to first write: 0.97 / 1.10 / 1.32 s',
      },
    ];
  } finally {
    await room.close();
  }
}

function lastMeeting(
  lines: readonly { agent: string; event: string; atMs: number }[],
  agent: string,
  others: number,
): number {
  const meetings = lines.filter((line) => line.agent === agent && line.event === 'peer.met');
  return (
    meetings.map(({ atMs }) => atMs).sort((a, b) => a - b)[others - 1] ?? Number.POSITIVE_INFINITY
  );
}
