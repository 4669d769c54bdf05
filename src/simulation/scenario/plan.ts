import { badOption } from './bad-option.ts';
import { type Moments, parseDuration } from './moments.ts';
import { parseMachines } from './parse-machines.ts';
import { parsePartition } from './parse-partition.ts';
import { parseUpgrade } from './parse-upgrade.ts';
import type { PlannedEvent, PlannedFor } from './planned-event.ts';

export interface Plan {
  /** By time. */
  readonly events: readonly PlannedEvent[];
  /** How long it goes on after the cluster was whole. */
  readonly forMs: number;
  readonly seed: number;
}

/** The plan as it was typed. */
export interface TypedPlan {
  /** Each of them one list, as often as it was typed. */
  readonly kill?: readonly string[];
  readonly powerOff?: readonly string[];
  readonly partition?: string;
  readonly upgrade?: string;
  readonly at: string;
  readonly for: string;
  readonly seed: string;
}

const LARGEST_SEED = 2 ** 32 - 1;

/** TerminalError `cli.*` with the option and the cure for whatever makes no sense. Pure. */
export function parsePlan(typed: TypedPlan, cluster: PlannedFor): Plan {
  const seed = parseSeed(typed.seed);
  const forMs = parseDuration(`--for ${typed.for}`, typed.for, 1);
  const moments: Moments = {
    defaultMs: parseDuration(`--at ${typed.at}`, typed.at, 0),
    endMs: forMs,
  };
  const { hostnames } = cluster;
  const killed = parseMachines('--kill', typed.kill, hostnames, moments);
  const switchedOff = parseMachines('--power-off', typed.powerOff, hostnames, moments);
  const both = killed.find(({ host }) => switchedOff.some((each) => each.host === host));
  if (both) {
    throw badOption(`--kill and --power-off both name ${both.host}: leave one of them out.`);
  }
  const events: readonly PlannedEvent[] = [
    ...killed.map((each) => ({ type: 'kill' as const, ...each })),
    ...switchedOff.map((each) => ({ type: 'power-off' as const, ...each })),
    ...parsePartition(typed.partition, hostnames, moments),
    ...parseUpgrade(typed.upgrade, cluster, moments),
  ];
  return { events: events.toSorted((a, b) => a.atMs - b.atMs), forMs, seed };
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d{1,10}$/.test(text) && seed <= LARGEST_SEED) return seed;
  throw badOption(`--seed ${text} is wrong: say a whole number from 0 to ${LARGEST_SEED}.`);
}
