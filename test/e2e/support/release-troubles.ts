import { z } from 'zod';
import { kubectl, run } from './machines.ts';

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ unschedulable: z.boolean().default(false) }),
      status: z.object({ nodeInfo: z.object({ kubeletVersion: z.string() }) }),
    }),
  ),
});

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

/** What does not run a release yet, or not well, a sentence each: kubelets, control planes, add-ons. */
export async function releaseTroubles(
  machine: string,
  release: string,
): Promise<readonly string[]> {
  const nodes = nodesSchema.parse(JSON.parse(await kubectl(machine, 'get', 'nodes', '-o', 'json')));
  const images = await imagesOf(machine, release);
  return [
    ...nodes.items.flatMap(({ metadata, spec, status }) => [
      ...(status.nodeInfo.kubeletVersion === release
        ? []
        : [`the kubelet of ${metadata.name} is ${status.nodeInfo.kubeletVersion}`]),
      ...(spec.unschedulable ? [`${metadata.name} is cordoned`] : []),
    ]),
    ...(await podTroubles(machine, 'tier=control-plane', images)),
    ...(await podTroubles(machine, 'k8s-app in (kube-proxy, kube-dns)', images)),
  ];
}

async function podTroubles(
  machine: string,
  selector: string,
  images: readonly string[],
): Promise<readonly string[]> {
  const argv = ['-n', 'kube-system', 'get', 'pods', '-l', selector, '-o', 'json'];
  const { items } = podsSchema.parse(JSON.parse(await kubectl(machine, ...argv)));
  return items.flatMap(({ metadata, spec, status }) => {
    const image = spec.containers[0]?.image ?? 'nothing';
    const ready = status.conditions.some((each) => each.type === 'Ready' && each.status === 'True');
    return [
      ...(images.includes(image) ? [] : [`${metadata.name} runs ${image}`]),
      ...(ready ? [] : [`${metadata.name} is not Ready`]),
    ];
  });
}

/** Asked of the kubeadm on PATH, which is of that release by then. */
async function imagesOf(machine: string, release: string): Promise<readonly string[]> {
  const list = ['config', 'images', 'list', `--kubernetes-version=${release}`];
  return (await run(machine, ['kubeadm', ...list])).split('\n');
}
