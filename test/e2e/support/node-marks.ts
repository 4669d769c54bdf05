import { z } from 'zod';
import { kubectl } from './machines.ts';

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        unschedulable: z.boolean().default(false),
        taints: z.array(z.object({ key: z.string() })).default([]),
      }),
    }),
  ),
});

const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** What is on Nodes only while they are drained or leave, `<name>: <mark>` each; empty when nothing is left over. */
export async function passingMarks(machine: string): Promise<readonly string[]> {
  const { items } = nodesSchema.parse(
    JSON.parse(await kubectl(machine, 'get', 'nodes', '-o', 'json')),
  );
  return items.flatMap(({ metadata: { name, labels }, spec: { unschedulable, taints } }) => {
    const marks = [
      ...Object.keys(labels).filter((label) => label.startsWith('civitas.dev/')),
      ...taints.map(({ key }) => key).filter((key) => key === OUT_OF_SERVICE),
      ...(unschedulable ? ['unschedulable'] : []),
    ];
    return marks.map((mark) => `${name}: ${mark}`);
  });
}
