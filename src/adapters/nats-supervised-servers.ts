import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ServerProcess } from './nats-process.ts';

const RESTART_PAUSE_MS = 1_000;

/** Servers as children of this process, by name, each started again when it ends by itself. */
export interface SupervisedServers {
  names(): readonly string[];
  isRunning(serverName: string): boolean;
  /** Ends the server of that name, if there is one, and starts it as `launch` does. */
  start(serverName: string, launch: () => Promise<ServerProcess>): Promise<void>;
  /** Nothing when there is none. */
  end(serverName: string, how: 'stop' | 'kill'): Promise<void>;
}

interface Supervised {
  readonly server: ServerProcess;
  readonly launch: () => Promise<ServerProcess>;
}

/** `onRestarted` is told of each server that ended by itself and runs again. */
export function createSupervisedServers(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  onRestarted: (serverName: string) => void,
): SupervisedServers {
  const supervised = new Map<string, Supervised>();
  const turns = new Map<string, Promise<void>>();

  /** A server that is being started can not be ended: what is asked of one name is done in turn. */
  function inTurn(serverName: string, work: () => Promise<void>): Promise<void> {
    const turn = (turns.get(serverName) ?? Promise.resolve()).then(work, work);
    turns.set(serverName, turn);
    return turn;
  }

  async function begin(serverName: string, launch: () => Promise<ServerProcess>): Promise<void> {
    const entry = { server: await launch(), launch };
    supervised.set(serverName, entry);
    void entry.server.ended.then(() => onEnded(serverName, entry));
  }

  async function onEnded(serverName: string, entry: Supervised): Promise<void> {
    const isWanted = () => supervised.get(serverName) === entry;
    if (!isWanted()) return;
    log.warn({ event: 'replica.ended', serverName }, 'replica ended');
    await clock.sleep(RESTART_PAUSE_MS);
    await inTurn(serverName, async () => {
      if (isWanted()) await restart(serverName, entry);
    });
  }

  async function restart(serverName: string, { launch }: Supervised): Promise<void> {
    try {
      await begin(serverName, launch);
      onRestarted(serverName);
    } catch (err) {
      // It is seen not to run, and started again.
      supervised.delete(serverName);
      log.warn({ event: 'replica.not-restarted', serverName, err }, 'replica not restarted');
    }
  }

  async function endNow(serverName: string, how: 'stop' | 'kill'): Promise<void> {
    const entry = supervised.get(serverName);
    supervised.delete(serverName);
    await entry?.server[how]();
  }

  return {
    names: () => [...supervised.keys()],
    isRunning: (serverName) => supervised.get(serverName)?.server.running() ?? false,
    start: (serverName, launch) =>
      inTurn(serverName, async () => {
        await endNow(serverName, 'stop');
        await begin(serverName, launch);
      }),
    end: (serverName, how) => inTurn(serverName, () => endNow(serverName, how)),
  };
}
