import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostFiles } from '../ports/host-files.ts';
import type { Route } from '../ports/pod-network.ts';
import { hasCode } from './error-code.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';
import { rememberAnswer } from './remembered-answer.ts';

/** Marks routes as ours. Not in /etc/iproute2/rt_protos, nor one that FRR or BIRD takes. */
const PROTOCOL = '217';
const TIMEOUT_MS = 10_000;
/** Every IPv4 route of the main table, ours among them, though not whose they are (proc_net(5)). */
const KERNEL_ROUTES = '/proc/net/route';

const routesSchema = z.array(z.object({ dst: z.string(), gateway: z.string() }));

/** The routes of our own protocol number; rejects with RetryableError `pod-network.route`. */
export interface PodRoutes {
  /** Asks `ip` only when the kernel's routes changed since it was asked last. */
  list(): Promise<readonly Route[]>;
  /** Also in place of a route by another way. */
  add(route: Route): Promise<void>;
  /** Nothing when it is gone already. */
  remove(route: Route): Promise<void>;
  removeAll(): Promise<void>;
}

export function createPodRoutes(run: RunCommand, files: HostFiles, clock: Clock): PodRoutes {
  const ip = (...args: readonly string[]) =>
    runOrThrow(run, 'pod-network.route', 'ip', args, { timeoutMs: TIMEOUT_MS });
  const words = ({ podCidr, via }: Route) => [podCidr, 'via', via, 'proto', PROTOCOL];

  async function ask(): Promise<readonly Route[]> {
    const output = await ip('-json', '-4', 'route', 'show', 'proto', PROTOCOL);
    const routes = routesSchema.safeParse(JSON.parse(output || '[]'));
    if (routes.success)
      return routes.data.map(({ dst, gateway }) => ({ podCidr: dst, via: gateway }));
    const message =
      '`ip -json route show` shows a route in a form that civitas does not know: report it, with the version of iproute2.';
    throw new RetryableError('pod-network.route', message, { cause: routes.error });
  }
  const present = rememberAnswer({ ask, evidence: () => kernelRoutes(files) }, clock);

  return {
    list: () => present.get(),
    add: async (route) => {
      present.forget();
      await ip('-4', 'route', 'replace', ...words(route));
    },
    remove: async (route) => {
      present.forget();
      const routes = await ask();
      if (!routes.some(({ podCidr, via }) => podCidr === route.podCidr && via === route.via))
        return;
      await ip('-4', 'route', 'delete', ...words(route));
    },
    removeAll: async () => {
      present.forget();
      await ip('-4', 'route', 'flush', 'proto', PROTOCOL);
    },
  };
}

/** Undefined where the kernel does not list them, or lists more than a host has. */
async function kernelRoutes(files: HostFiles): Promise<string | undefined> {
  try {
    return await files.read(KERNEL_ROUTES);
  } catch (error) {
    if (hasCode(error, 'files.too-large')) return undefined;
    throw error;
  }
}
