import type { Replica } from '../state/genesis-record.ts';
import type { WaitReason } from '../state/status.ts';

/** Its store is damaged, and the others may need what is left of it. */
export function damaged({ serverName }: Replica, damage: string): WaitReason {
  return {
    reason: 'log.replica-damaged',
    message: `The store of the replica ${serverName} is damaged (${damage}): bring back the other two replicas, and it is made anew from these.`,
  };
}

export function portTaken(
  { serverName, address }: Replica,
  port: number,
  holder = 'another program',
): WaitReason {
  return {
    reason: 'log.port-taken',
    message: `Port ${port} of ${address}, which the replica ${serverName} of the log needs, is taken by ${holder}: stop that program.`,
  };
}

/** `words`: what the server said last. */
export function startEnds({ serverName }: Replica, words: string, logPlace: string): WaitReason {
  return {
    reason: 'log.replica-ended',
    message: `The replica ${serverName} of the log ends as soon as it is started (${words}): cure that, or see ${logPlace}.`,
  };
}

export function unreachable(
  { serverName, address, clientPort }: Replica,
  why: string,
  logPlace: string,
): WaitReason {
  return {
    reason: 'log.replica-unreachable',
    message: `The replica ${serverName} does not answer at ${address} port ${clientPort} (${why}): see ${logPlace}.`,
  };
}
