import { z } from 'zod';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { civitas, run } from './machines.ts';

const FILE = '/root/spec.json';

const documentSchema = z.looseObject({ kubeadm: clusterSpecSchema.shape.kubeadm });

/** As a person does: the spec as it is, changed, and applied; what `civitas apply` said of it. */
export async function editSpec(
  machine: string,
  change: Readonly<Record<string, unknown>>,
): Promise<string> {
  const spec = await presentSpec(machine);
  const wanted = JSON.stringify({ ...spec, ...change });
  await run(machine, ['sh', '-c', `umask 077; cat >${FILE}`], wanted);
  const { exitCode, stdout, stderr } = await civitas(machine, 'apply', '-f', FILE);
  if (exitCode === 0) return stdout;
  throw new Error(`${machine}: \`civitas apply\` ended with ${exitCode}: ${stderr || stdout}`);
}

/** As `civitas get spec` prints it, with the revision by which `civitas apply` sees that nobody else's change is undone. */
export async function presentSpec(machine: string): Promise<z.infer<typeof documentSchema>> {
  const { stdout } = await civitas(machine, 'get', 'spec', '-o', 'json');
  return documentSchema.parse(JSON.parse(stdout));
}
