import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import type { WaitReason } from '../state/status.ts';
import type { ReplicaExamination } from './nats-replica-examination.ts';
import { damaged, portTaken, startEnds, unreachable } from './nats-replica-problems.ts';
import { fatalWords, takenPort, tellOfDamage } from './nats-replica-words.ts';

/** A server answers some 100 ms after its start; a store of a gigabyte takes seconds to read. */
const PATIENCE_MS = 15_000;
/** Elections take 4 to 9 s, and a second one the same (nats-server 2.15, raft.go). */
const ELECTION_MS = 20_000;
const ELECTION_LOOK_MS = 500;

/** How replicas are run on this host. */
export interface ReplicaRunner {
  /** Makes folder and server what they should be; safe to repeat. */
  bringUp(replica: Replica, record: GenesisRecord): Promise<void>;
  /** Ends the server until it is brought up again. */
  halt(serverName: string): Promise<void>;
  /** The end of what the server printed. */
  lastWords(serverName: string): Promise<string>;
  /** Where people find all of what it printed. */
  logPlace(serverName: string): string;
  /** Of a server that was halted. Resolves to where its store lies now; undefined: it had none. */
  setStoreAside(serverName: string): Promise<string | undefined>;
}

/** What can be learned of a replica without its host. */
export interface ReplicaQuestions {
  examine(replica: Replica, record: GenesisRecord): Promise<ReplicaExamination>;
  othersHoldAll(
    replica: Replica,
    record: GenesisRecord,
    led: 'by-the-others' | 'by-anyone',
  ): Promise<boolean>;
  /** The program that has a port of this machine, if that can be seen. */
  portHolder(address: string, port: number): Promise<string | undefined>;
}

export interface LookOptions {
  readonly runner: ReplicaRunner;
  readonly questions: ReplicaQuestions;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Looked {
  readonly replica: Replica;
  readonly record: GenesisRecord;
  /** When it was started. */
  readonly sinceMs: number;
  /** Aborts when the replica is to be left alone: nothing is begun after that. */
  readonly left: AbortSignal;
}

/** What one look came to: it serves, or will without anybody's help, or somebody has to help. */
export type Finding = 'fit' | 'wait' | WaitReason;

/** Looks at one replica, and does for it what can be done. */
export async function lookAt(looked: Looked, options: LookOptions): Promise<Finding> {
  const { replica, record, left } = looked;
  const { runner, questions } = options;
  const seen = await unlessLeft(questions.examine(replica, record), left);
  if (seen === undefined) return 'wait';
  if (seen.type === 'fit') return 'fit';
  if (seen.type === 'unfit') return seen.problem;

  const fatal = fatalWords(await runner.lastWords(replica.serverName));
  const words = seen.type === 'unwell' ? seen.reason : fatal;
  if (left.aborted) return 'wait';
  if (words !== undefined && tellOfDamage(words)) return rebuild(looked, words, options);
  // It runs, and waits for other replicas: that is told as the wait of the log itself.
  if (seen.type === 'unwell') return 'wait';
  await runner.bringUp(replica, record);
  return fatal === undefined
    ? silence(looked, seen.reason, options)
    : endOfStart(replica, fatal, options);
}

/** Undefined when `left` aborts first. */
function unlessLeft<T>(work: Promise<T>, left: AbortSignal): Promise<T | undefined> {
  const leaving = new Promise<undefined>((resolve) => {
    left.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([work, leaving]);
}

function silence(
  { replica, sinceMs }: Looked,
  reason: string,
  { clock, runner }: LookOptions,
): Finding {
  if (clock.nowMs() - sinceMs < PATIENCE_MS) return 'wait';
  return unreachable(replica, reason, runner.logPlace(replica.serverName));
}

async function endOfStart(
  replica: Replica,
  words: string,
  { runner, questions }: LookOptions,
): Promise<Finding> {
  const port = takenPort(words);
  if (port === undefined) return startEnds(replica, words, runner.logPlace(replica.serverName));
  return portTaken(replica, port, await questions.portHolder(replica.address, port));
}

/**
 * Gives the replica an empty store, which it fills from the others: only when these need nothing of
 * it. That is asked before it is halted, so that nobody is disturbed in vain, and again after that,
 * as it may have led them.
 */
async function rebuild(looked: Looked, damage: string, options: LookOptions): Promise<Finding> {
  const { replica, record, left } = looked;
  const { runner, questions, log } = options;
  const { serverName } = replica;
  if (!(await questions.othersHoldAll(replica, record, 'by-anyone'))) {
    return damaged(replica, damage);
  }
  await runner.halt(serverName);
  const spared = await othersGoOn(looked, options);
  if (left.aborted) return 'wait';
  if (spared) {
    const place = await runner.setStoreAside(serverName);
    const fields = { serverName, damage, place };
    log.warn({ event: 'replica.store-set-aside', ...fields }, 'replica store set aside');
  }
  await runner.bringUp(replica, record);
  return spared ? 'wait' : damaged(replica, damage);
}

/** True as soon as the others lead each group by themselves; false when they do not within 20 s. */
async function othersGoOn(
  { replica, record, left }: Looked,
  { questions, clock }: LookOptions,
): Promise<boolean> {
  const deadlineMs = clock.nowMs() + ELECTION_MS;
  while (!left.aborted && clock.nowMs() < deadlineMs) {
    if (await questions.othersHoldAll(replica, record, 'by-the-others')) return true;
    await clock.sleep(ELECTION_LOOK_MS, left);
  }
  return false;
}
