import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { Route } from '../ports/pod-network.ts';
import { type RunCommand, runOrThrow } from './execa-exec.ts';

/** Marks routes as ours. Not in /etc/iproute2/rt_protos, nor one that FRR or BIRD takes. */
const PROTOCOL = '217';
const TIMEOUT_MS = 10_000;

const routesSchema = z.array(z.object({ dst: z.string(), gateway: z.string() }));

/** The routes of our own protocol number; rejects with RetryableError `pod-network.route`. */
export interface PodRoutes {
  list(): Promise<readonly Route[]>;
  /** Also in place of a route by another way. */
  add(route: Route): Promise<void>;
  /** Nothing when it is gone already. */
  remove(route: Route): Promise<void>;
}

export function createPodRoutes(run: RunCommand): PodRoutes {
  const ip = (...args: readonly string[]) =>
    runOrThrow(run, 'pod-network.route', 'ip', args, { timeoutMs: TIMEOUT_MS });
  const words = ({ podCidr, via }: Route) => [podCidr, 'via', via, 'proto', PROTOCOL];

  async function list(): Promise<readonly Route[]> {
    const output = await ip('-json', '-4', 'route', 'show', 'proto', PROTOCOL);
    const routes = routesSchema.safeParse(JSON.parse(output || '[]'));
    if (routes.success)
      return routes.data.map(({ dst, gateway }) => ({ podCidr: dst, via: gateway }));
    const message = '`ip -json route show` shows a route of ours in a form we do not know.';
    throw new RetryableError('pod-network.route', message, { cause: routes.error });
  }

  return {
    list,
    add: async (route) => {
      await ip('-4', 'route', 'replace', ...words(route));
    },
    remove: async (route) => {
      const routes = await list();
      if (!routes.some(({ podCidr, via }) => podCidr === route.podCidr && via === route.via))
        return;
      await ip('-4', 'route', 'delete', ...words(route));
    },
  };
}
