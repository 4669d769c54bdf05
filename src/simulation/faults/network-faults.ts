import type { Fleet } from '../fleet/fleet.ts';
import { type LinkQuality, perfectLink } from '../fleet/link-quality.ts';
import type { Fault } from './fault.ts';
import type { FaultEffect } from './fault-effect.ts';
import { whileHeld } from './while-held.ts';

const FLAP_MS = 5_000;
const MOST_LOSS = 0.3;
const MOST_DELAY_MS = 200;
const MOST_DOUBLED = 0.5;
/** What is left of an Ethernet frame in two tunnels, without the headers of TCP and TLS. */
const SMALL_MTU_BYTES = 1_200;
/** Multicast as it is without a fault. */
const HEARD = { loss: 0 };

type Direction = 'both' | 'one-way';

/** What happens to cables, switches and packets. */
export const networkFaults = {
  'link-cut': {
    does: 'two machines can not reach each other until the fault ends; all others can reach both',
    begin: (fleet, fault) => cutPair(fleet, fault, 'both'),
  },
  'link-cut-one-way': {
    does: 'nothing of one machine reaches another until the fault ends',
    begin: (fleet, fault) => cutPair(fleet, fault, 'one-way'),
  },
  'link-flaps': {
    does: 'two machines lose and find each other every five seconds until the fault ends',
    begin(fleet, fault) {
      const stopping = new AbortController();
      void flap(fleet, fault, stopping.signal);
      return () => stopping.abort();
    },
  },
  partitioned: {
    does: 'the machines named reach each other and nobody else until the fault ends',
    begin(fleet, { hosts }) {
      const others = fleet.machines.map(({ hostname }) => hostname);
      const pairs = hosts.flatMap((inside) =>
        others.filter((each) => !hosts.includes(each)).map((outside) => [inside, outside] as const),
      );
      for (const [inside, outside] of pairs) cutIfThere(fleet, inside, outside, 'both');
      return () => {
        for (const [inside, outside] of pairs) fleet.world.heal(inside, outside);
      };
    },
  },
  'packets-lost': {
    does: 'up to 30 % of all packets get lost, which makes them late, until the fault ends',
    begin({ network, multicast }, { amount }) {
      const loss = amount * MOST_LOSS;
      const ends = [whileLink(network, { loss }), whileHeld(multicast, HEARD, { loss })];
      return () => {
        for (const end of ends) end();
      };
    },
  },
  'packets-late': {
    does: 'every packet takes up to 200 ms longer until the fault ends',
    begin: ({ network }, { amount }) => whileLink(network, { delayMs: amount * MOST_DELAY_MS }),
  },
  'messages-doubled': {
    does: 'up to half of all requests between agents arrive twice, up to five seconds apart, until the fault ends',
    begin: ({ network }, { amount }) => whileLink(network, { doubled: amount * MOST_DOUBLED }),
  },
  'big-packets-lost': {
    does: 'nothing larger than 1200 bytes passes between machines, as where an MTU is too small and nobody is told, until the fault ends',
    begin: ({ network }) => whileLink(network, { mostBytes: SMALL_MTU_BYTES }),
  },
  'multicast-blocked': {
    does: 'no multicast passes until the fault ends',
    begin: ({ multicast }) => whileHeld(multicast, HEARD, { loss: 1 }),
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

function cutPair(fleet: Fleet, { hosts }: Fault, direction: Direction): (() => void) | undefined {
  const [from, to] = hosts;
  if (from === undefined || to === undefined) return undefined;
  cutIfThere(fleet, from, to, direction);
  return () => fleet.world.heal(from, to);
}

function whileLink({ quality }: Fleet['network'], change: Partial<LinkQuality>): () => void {
  return whileHeld(quality, perfectLink(), change);
}

/** A machine that was not switched on yet has no cable to cut. */
function cutIfThere({ world }: Fleet, from: string, to: string, direction: Direction): void {
  if ([from, to].every((name) => world.state.hosts.has(name))) world.cut(from, to, { direction });
}

async function flap(fleet: Fleet, fault: Fault, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const heal = cutPair(fleet, fault, 'both');
    await fleet.clock.sleep(FLAP_MS, signal);
    heal?.();
    await fleet.clock.sleep(FLAP_MS, signal);
  }
}
