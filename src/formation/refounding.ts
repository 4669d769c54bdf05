import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { LogReport, ReplicaFate } from '../state/log-report.ts';
import type { NodeId } from '../state/node-id.ts';
import type { GenesisDriver, GenesisMessage } from './genesis-driver.ts';
import { type LogSight, NEW_WATCH, watchLog } from './log-watch.ts';

export interface RefoundingDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly self: { readonly nodeId: NodeId };
  record(): GenesisRecord | null;
  /** Of the epoch after that record. */
  genesis(): GenesisDriver;
  answers(nodeId: NodeId): boolean;
  /** Asks a peer whether it is still there. */
  greet(nodeId: NodeId): void;
  onGivenUp(): void;
}

/**
 * Whether the log of the newest record has to be founded anew: notices that it never came up, and
 * stands between the genesis of the next epoch and this node's replicas of the log.
 */
export interface Refounding {
  /** True while this node takes part in founding the next epoch. */
  hasGivenUp(): boolean;
  /** What is seen here of the log of this epoch. Resolves once what follows from it is on disk. */
  report(epoch: number, report: LogReport): Promise<void>;
  fate(epoch: number): ReplicaFate;
  /** A message of genesis on its way to the driver. */
  overhear(from: NodeId, message: GenesisMessage): Promise<void>;
  /** The record is another one now, or was just read from disk. */
  begin(): Promise<void>;
}

export function createRefounding(deps: RefoundingDeps): Refounding {
  const { clock, log, self, record, genesis } = deps;
  let watch = NEW_WATCH;

  async function see(sight: LogSight): Promise<void> {
    const { phase } = watch;
    watch = watchLog(watch, sight, clock.nowMs());
    if (watch.phase === phase) return;
    if (watch.phase === 'worked') return genesis().tell({ type: 'log-formed' });
    const fields = { epoch: record()?.epoch, gone: [...watch.gone.keys()] };
    log.warn({ event: 'log.given-up', ...fields }, 'log given up');
    await genesis().tell({ type: 'log-never-formed' });
    deps.onGivenUp();
  }

  function whoIsGone(missing: readonly NodeId[]): readonly NodeId[] {
    const others = missing.filter((nodeId) => nodeId !== self.nodeId);
    for (const nodeId of others) deps.greet(nodeId);
    return others.filter((nodeId) => !deps.answers(nodeId));
  }

  /** Of a log that worked after all, the replicas were stopped in vain: their fate says so, too. */
  async function onStopped(epoch: number, used: boolean): Promise<void> {
    if (used) return see({ type: 'worked' });
    if (watch.phase === 'given-up') await genesis().tell({ type: 'replica-stopped', epoch });
  }

  return {
    hasGivenUp: () => watch.phase === 'given-up',
    async report(epoch, report) {
      if (epoch !== record()?.epoch) return;
      switch (report.type) {
        case 'worked':
          return see(report);
        case 'silent':
          return see({ type: 'silent', unreachable: whoIsGone(report.missing) });
        case 'stopped':
          return onStopped(epoch, report.used);
      }
    },
    fate: (epoch) => (epoch === record()?.epoch ? genesis().fate() : 'stay-stopped'),
    async overhear(from, message) {
      const formed = record();
      const isNext = message.type === 'prepare' && message.epoch === (formed?.epoch ?? 0) + 1;
      // Whoever runs replicas stops them before it asks for votes.
      const hasEnded = isNext && formed?.replicas.some(({ nodeId }) => nodeId === from);
      if (hasEnded) await see({ type: 'replica-ended' });
    },
    async begin() {
      watch = NEW_WATCH;
      if (genesis().fate() === 'stay-stopped') await see({ type: 'replica-ended' });
    },
  };
}
