import {
  type GenesisConfig,
  genesisTimings,
  type Timings,
} from '../../../src/formation/genesis/config.ts';
import type { Instance, ReplacedEpoch } from '../../../src/formation/genesis/quorum.ts';

/** Stands for a genesis record: who proposed it, in which round. */
export interface Value {
  readonly id: string;
}

/** Every time-out is due at once, so a search may fire it whenever it likes. */
export const instantly: Timings = {
  quietMs: 0,
  listenMs: 0,
  headStartMs: 0,
  ballotTimeoutMs: 0,
  backoffMs: 0,
  maxBackoffMs: 0,
};

export function instanceOf(expectedNodes: number): Instance {
  return { epoch: 1, expectedNodes, replaces: null };
}

export function genesisConfig(
  nodeId: string,
  expectedNodes: number,
  overrides: { timings?: Timings; epoch?: number; replaces?: ReplacedEpoch } = {},
): GenesisConfig<Value> {
  const { timings = genesisTimings, epoch = 1, replaces = null } = overrides;
  return {
    nodeId,
    instance: { epoch, expectedNodes, replaces },
    timings,
    propose: ({ ballot }) => ({ id: `${epoch}/${ballot.nodeId}/${ballot.round}` }),
    idOf: (value) => value.id,
  };
}
