import { RetryableError } from '../../errors.ts';
import { isPowered, type PoweredHost } from '../simulated-host.ts';
import { hostNamed, type WorldState } from '../world-state.ts';

/** The host while it has power; nobody who runs on a host without power could ask for it. */
export function powered(world: WorldState, name: string): PoweredHost {
  const host = hostNamed(world, name);
  if (isPowered(host)) return host;
  throw new RetryableError(
    'simulation.powered-off',
    `simulated host ${name} has no power: boot it`,
  );
}
