import type { GenesisConfig } from '../../../src/formation/genesis/config.ts';
import type { Effect } from '../../../src/formation/genesis/effect.ts';
import type { Happening, Peer } from '../../../src/formation/genesis/input.ts';
import { type GenesisState, startGenesis } from '../../../src/formation/genesis/state.ts';
import { step } from '../../../src/formation/genesis/step.ts';
import type { Value } from './genesis-config.ts';

export type Moment = Happening<Value> & { readonly atMs?: number };

/** A node after some moments of its life, and what the last one made it do. */
export interface Lived {
  readonly state: GenesisState<Value>;
  readonly effects: readonly Effect<Value>[];
}

/** Lives through the moments from a blank disk; without `atMs` a moment follows at the same time. */
export function live(config: GenesisConfig<Value>, moments: readonly Moment[]): Lived {
  let lived: Lived = { state: startGenesis(config, null, 0), effects: [] };
  let nowMs = 0;
  for (const { atMs, ...happening } of moments) {
    nowMs = atMs ?? nowMs;
    lived = step(config, lived.state, { ...happening, nowMs, random: 0 });
  }
  return lived;
}

export function meets(...nodeIds: readonly string[]): Moment {
  return { type: 'knowledge', peers: nodeIds.map((nodeId) => peer(nodeId)) };
}

export function peer(nodeId: string, overrides: Partial<Peer> = {}): Peer {
  return { nodeId, reachable: true, formed: false, ...overrides };
}
