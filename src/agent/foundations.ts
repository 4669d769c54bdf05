import { createHash } from 'node:crypto';
import { openDurableFiles } from '../adapters/durable-files.ts';
import { hostAddresses } from '../adapters/host-addresses.ts';
import { type Identity, openIdentity } from '../adapters/identity.ts';
import { createPinoLog } from '../adapters/pino-log.ts';
import { lockState } from '../adapters/state-lock.ts';
import { createSystemClock } from '../adapters/system-clock.ts';
import { createSystemRandom } from '../adapters/system-random.ts';
import { TerminalError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Node } from '../state/node.ts';
import { specProblems } from '../state/spec-problems.ts';
import { decodeToken, type Sha256, type Token, tokenDigest } from '../state/token.ts';
import type { AgentOptions } from './agent-options.ts';
import { type Machine, selfRecord } from './self-record.ts';
import { type WatchedDurable, watchDurable } from './watched-durable.ts';

/** What an agent has before it speaks to anybody. */
export interface Foundations {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly durable: WatchedDurable;
  readonly identity: Identity;
  readonly token: Token;
  readonly tokenDigest: string;
  /** As this machine enrols. */
  readonly self: Node;
  /** Gives the state directory free for another agent. */
  release(): Promise<void>;
}

/** The same before it is known what the machine is worth, for which its disk is measured. */
export interface FirstFoundations extends Omit<Foundations, 'self'> {
  readonly self: Machine;
}

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();

/**
 * Reads the token, takes the state directory for this process alone, and learns who this machine
 * is. Rejects with `token.*`, `spec.refused`, `state.*` and `agent.*` errors; nothing was changed then.
 */
export async function layFoundations(options: AgentOptions): Promise<FirstFoundations> {
  const token = decodeToken(options.token, sha256);
  refuseSpec(token);
  const lock = await lockState(options.stateDir);
  try {
    const durable = watchDurable(await openDurableFiles(options.stateDir));
    const identity = await openIdentity(durable);
    const self = await selfRecord(identity, options);
    return {
      clock: createSystemClock(),
      random: createSystemRandom(),
      log: createPinoLog(options.logLevel, { node: self.hostname }),
      durable,
      identity,
      token,
      tokenDigest: tokenDigest(token, sha256),
      self,
      release: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The token was made elsewhere: only here it can be seen whether its networks overlap with ours. */
function refuseSpec({ spec, expectedNodes }: Token): void {
  const hostNetworks = hostAddresses().map(({ cidr }) => cidr);
  const problems = specProblems(spec, { expectedNodes, hostNetworks });
  if (problems.length === 0) return;
  const list = problems.map(({ message }) => message).join(' ');
  throw new TerminalError('spec.refused', `The token's spec is refused: ${list}`);
}
