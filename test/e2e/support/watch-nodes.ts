import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { sh } from '../../../lab/machine.ts';
import { OUTDATED_TAINT } from '../../../src/state/drain-marks.ts';

/** What Kubernetes said of some nodes at one moment, by their names. */
export interface NodesLook {
  /** Those that take no pods, or are not Ready. */
  readonly out: readonly string[];
  /** Those of which pods are to keep away if they can, as a rollout is yet to come to them. */
  readonly marked: readonly string[];
}

const PAUSE_MS = 500;

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        unschedulable: z.boolean().default(false),
        taints: z.array(z.object({ key: z.string(), effect: z.string() })).default([]),
      }),
      status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
    }),
  ),
});

type Node = z.infer<typeof nodesSchema>['items'][number];

/** Looks at these nodes about every second until it is stopped; while no API server answers nothing is seen. */
export function watchNodes(plane: string, nodes: readonly string[]) {
  const looks: NodesLook[] = [];
  const ending = new AbortController();
  const watching = watch();

  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      const look = await lookAtNodes(plane, nodes);
      if (look) looks.push(look);
      await sleep(PAUSE_MS);
    }
  }

  return {
    async stop(): Promise<readonly NodesLook[]> {
      ending.abort();
      await watching;
      return looks;
    },
  };
}

/** Undefined while no API server answers. */
export async function lookAtNodes(
  plane: string,
  nodes: readonly string[],
): Promise<NodesLook | undefined> {
  const get = ['kubectl', '--request-timeout=3s', 'get', 'nodes', '--output=json'];
  const { exitCode, stdout } = await sh(plane, get);
  if (exitCode !== 0) return undefined;
  const { items } = nodesSchema.parse(JSON.parse(stdout));
  const all = items.filter(({ metadata }) => nodes.includes(metadata.name));
  const names = (those: readonly Node[]) => those.map(({ metadata }) => metadata.name);
  return { out: names(all.filter(isOut)), marked: names(all.filter(isMarked)) };
}

function isOut({ spec, status }: Node): boolean {
  const { conditions } = status;
  const isReady = conditions.some((each) => each.type === 'Ready' && each.status === 'True');
  return spec.unschedulable || !isReady;
}

function isMarked({ spec: { taints } }: Node): boolean {
  return taints.some(({ key, effect }) => {
    return key === OUTDATED_TAINT.key && effect === OUTDATED_TAINT.effect;
  });
}
