import { kubectl } from './machines.ts';

/** Nodes whose kubelets renewed their leases since then; a Node may be Ready yet by what was said before a power cut. */
export async function nodesHeardSince(
  machine: string,
  sinceWallMs: number,
): Promise<readonly string[]> {
  const line = '{range .items[*]}{.metadata.name} {.spec.renewTime}{"\\n"}{end}';
  const flags = ['--namespace=kube-node-lease', `--output=jsonpath=${line}`];
  const told = await kubectl(machine, 'get', 'leases', ...flags);
  const leases = told.trim().split('\n');
  return leases.flatMap((lease) => {
    const [name = '', renewed = ''] = lease.split(' ');
    return Date.parse(renewed) > sinceWallMs ? name : [];
  });
}
