import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { departing, maySponsor } from './departing.ts';
import type { Memory } from './memory.ts';
import { observeBeat } from './observe-cluster.ts';
import type { Departing } from './observed.ts';

/**
 * Refuses a step that was decided from a state of things that is no more. Throws RetryableError
 * `departure.not-asked` when log or verdict changed, and `departure.contradiction` when a machine that
 * was found dead shows signs of life.
 */
export async function refuseUnasked(of: Departing, ports: Ports, memory: Memory): Promise<void> {
  const now = maySponsor(ports) ? departing(ports) : [];
  const same = now.find(({ operationId }) => operationId === of.operationId);
  if (same === undefined || same.life !== of.life) {
    throw new RetryableError(
      'departure.not-asked',
      `a step of the departure of ${of.hostname} was dropped, as what it was decided from changed: it is decided anew`,
    );
  }
  if (of.life === 'dead') await refuseSignsOfLife(of, ports, memory);
}

async function refuseSignsOfLife(of: Departing, ports: Ports, memory: Memory): Promise<void> {
  const node = (await ports.kube.nodes()).find(({ name }) => name === of.hostname);
  refuseBeat(of, node && (await observeBeat(node, of, ports, memory)));
}

/** Throws RetryableError `departure.contradiction` when something says that the machine lives. */
export function refuseBeat({ hostname }: Departing, beat: string | undefined): void {
  if (beat === undefined) return;
  throw new RetryableError(
    'departure.contradiction',
    `a step of the departure of ${hostname}, which was found dead, was dropped as ${beat}: see whether its agent runs`,
  );
}
