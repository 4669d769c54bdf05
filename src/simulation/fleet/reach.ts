import { canTalk, cutKey } from '../network.ts';
import type { World } from '../world.ts';

/** Who reaches whom, by host names; a machine that was not switched on yet reaches nobody. */
export function reachIn(world: World) {
  const hostNamed = (name: string) => world.state.hosts.get(name);
  return {
    isPowered: (name: string) => hostNamed(name)?.runtime !== undefined,
    canTalk(from: string, to: string): boolean {
      const [a, b] = [hostNamed(from), hostNamed(to)];
      return a !== undefined && b !== undefined && canTalk(world.state, a, b);
    },
    /** One way is enough for a datagram. */
    hears(from: string, to: string): boolean {
      const powered = [from, to].every((name) => hostNamed(name)?.runtime !== undefined);
      return powered && !world.state.cuts.has(cutKey(from, to));
    },
  };
}
