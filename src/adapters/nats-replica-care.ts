import { CivitasError } from '../errors.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import type { WaitReason } from '../state/status.ts';
import { type Finding, type LookOptions, lookAt } from './nats-replica-look.ts';

const FIRST_LOOK_MS = 500;
const MOST_PAUSE_MS = 10_000;
/** A replica that serves is looked at now and then, as a disk may go wrong under it. */
const FIT_PAUSE_MS = 300_000;

/** Looks after this host's replicas: keeps each up until it serves, and looks again now and then. */
export interface ReplicaCare {
  /** Begins anew when it was begun before. */
  begin(replica: Replica, record: GenesisRecord): void;
  isBegun(serverName: string): boolean;
  /** True while it is begun and the replica does not serve: whatever can be done is done already. */
  isBringingUp(serverName: string): boolean;
  problem(serverName: string): WaitReason | undefined;
  /** Resolves once nothing more is done to the replica. */
  end(serverName: string): Promise<void>;
  endAll(): Promise<void>;
}

interface Patient {
  readonly leaving: AbortController;
  readonly look: () => Promise<Finding>;
  finding: Finding;
  done: Promise<void>;
}

export function createReplicaCare(options: LookOptions): ReplicaCare {
  const { clock, log } = options;
  const patients = new Map<string, Patient>();

  function note(serverName: string, patient: Patient, finding: Finding): void {
    const before = problemIn(patient);
    patient.finding = finding;
    const problem = problemIn(patient);
    if (problem === undefined || problem.message === before?.message) return;
    const { reason: code, message } = problem;
    log.warn({ event: 'replica.unfit', serverName, code, message }, 'replica unfit');
  }

  async function keepLooking(serverName: string, patient: Patient): Promise<void> {
    const { signal } = patient.leaving;
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, MOST_PAUSE_MS)) {
      await clock.sleep(patient.finding === 'fit' ? FIT_PAUSE_MS : pauseMs, signal);
      if (signal.aborted) return;
      const finding = await patient.look().catch(problemOf);
      if (!signal.aborted) note(serverName, patient, finding);
    }
  }

  async function end(serverName: string): Promise<void> {
    const patient = patients.get(serverName);
    patients.delete(serverName);
    patient?.leaving.abort();
    await patient?.done;
  }

  return {
    begin(replica, record) {
      const { serverName } = replica;
      const ended = end(serverName);
      const leaving = new AbortController();
      const looked = { replica, record, sinceMs: clock.nowMs(), left: leaving.signal };
      const patient: Patient = {
        leaving,
        look: () => lookAt(looked, options),
        finding: 'wait',
        done: Promise.resolve(),
      };
      patients.set(serverName, patient);
      patient.done = ended.then(() => keepLooking(serverName, patient));
    },
    isBegun: (serverName) => patients.has(serverName),
    isBringingUp(serverName) {
      const patient = patients.get(serverName);
      return patient !== undefined && patient.finding !== 'fit';
    },
    problem: (serverName) => problemIn(patients.get(serverName)),
    end,
    endAll: async () => void (await Promise.all([...patients.keys()].map(end))),
  };
}

function problemIn(patient: Patient | undefined): WaitReason | undefined {
  return typeof patient?.finding === 'object' ? patient.finding : undefined;
}

function problemOf(error: unknown): WaitReason {
  if (error instanceof CivitasError) return { reason: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { reason: 'internal.unexpected', message };
}
