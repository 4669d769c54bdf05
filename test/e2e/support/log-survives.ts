import { editSpec } from './edit-spec.ts';
import { eventually, run } from './machines.ts';

const REPLICA_UNITS = 'civitas-log-*';
const CONFIRMED_WITHIN_MS = 60_000;

/**
 * Resolves once the log confirmed a write of `asked` while the replica of another machine was frozen: each
 * of the other two then has all of it. Rejects when nothing was confirmed within a minute.
 */
export async function untilLogSurvives(frozen: string, asked: string): Promise<void> {
  await signalReplica(frozen, 'STOP');
  try {
    await eventually(
      () => isConfirmed(asked),
      (confirmed) => confirmed,
      CONFIRMED_WITHIN_MS,
    );
  } finally {
    await signalReplica(frozen, 'CONT');
  }
}

/** What changes is when a machine that died is replaced, which none does here. */
async function isConfirmed(asked: string): Promise<boolean> {
  try {
    await editSpec(asked, { replacement: { graceSeconds: 6 } });
    return true;
  } catch {
    return false;
  }
}

async function signalReplica(machine: string, signal: 'STOP' | 'CONT'): Promise<void> {
  await run(machine, ['systemctl', 'kill', `--signal=${signal}`, REPLICA_UNITS]);
}
