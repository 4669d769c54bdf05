import { localChanges } from '../../src/agent/local-changes.ts';
import type { Assignment } from '../../src/state/assignment.ts';
import { id, liveness, node, served, spec } from './controllers-entries.ts';
import { createWorld, portsIn, type World } from './controllers-ports.ts';

/** A log with the spec at revision 1, at one second after the epoch. */
export async function worldWithSpec(): Promise<World> {
  const world = Object.assign(createWorld(), { nowMs: 1_000 });
  await world.store.set('spec', 'current', spec());
  await world.store.set('node', node(1).nodeId, node(1));
  return world;
}

/** Lets n1, n2, … live and serve, each by its assignment. */
export async function letServe(
  { store }: Pick<World, 'store'>,
  given: readonly Assignment[],
): Promise<void> {
  for (const [index, each] of given.entries()) {
    const number = index + 1;
    await store.set('node', id(number), node(number));
    await store.set('liveness', id(number), liveness(number));
    await store.set('assignment', id(number), each);
    await store.set('status', id(number), served(each));
  }
}

/** The agent of n1, asked by people; an error as `<sentence> [<code>]`. */
export function askIn(world: World) {
  const { clock, leadership, self } = portsIn(world);
  const changes = localChanges({
    clock,
    self,
    expectedNodes: 3,
    bundleFiles: { find: async () => undefined },
    log: () => ({
      store: Object.assign(world.store, { problems: () => [] }),
      leadership,
      observers: { missed: () => new Set() },
    }),
  });
  return (path: string, body: unknown = {}) =>
    Object.entries(changes)
      .find(([each]) => each === path)?.[1](body)
      .catch(({ code, message }: { code: string; message: string }) => `${message} [${code}]`);
}
