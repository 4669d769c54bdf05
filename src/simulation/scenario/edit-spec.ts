import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** As `civitas edit` would; resolves to why the log refused it, if it did. */
export async function editSpec(
  fleet: Fleet,
  change: Partial<ClusterSpec>,
): Promise<string | undefined> {
  const store = fleet.store();
  const current = store?.get('spec', SINGLETON);
  if (!store || !current) return 'There is no cluster yet.';
  const writing = store.put('spec', SINGLETON, { ...current.value, ...change }, current.revision);
  const outcome = writing.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return fleet.clock.drive(outcome);
}
