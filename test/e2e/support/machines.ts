import { type CommandResult, sh, wipe } from '../../../lab/machine.ts';
import { existingMachines } from '../../../lab/machine-disk.ts';
import { type AgentView, agentViewSchema } from '../../../src/state/agent-view.ts';

const CIVITAS = ['/opt/civitas-node/node', '/opt/civitas/dist/main.js'];
const PKI = '/etc/kubernetes/pki/etcd';
const ETCD = [
  '--endpoints=https://127.0.0.1:2379',
  `--cacert=${PKI}/ca.crt`,
  `--cert=${PKI}/healthcheck-client.crt`,
  `--key=${PKI}/healthcheck-client.key`,
];

/** Runs a command in a machine and returns what it printed; any other exit code fails the test. */
export async function run(machine: string, argv: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout, stderr } = await sh(machine, argv, { input });
  if (exitCode === 0) return stdout;
  throw new Error(`${machine}: ${argv.join(' ')} ended with ${exitCode}: ${stderr || stdout}`);
}

export function kubectl(machine: string, ...argv: readonly string[]): Promise<string> {
  return run(machine, ['kubectl', '--request-timeout=10s', ...argv]);
}

/** Asks the etcd of a control plane. */
export function etcdctl(machine: string, ...argv: readonly string[]): Promise<CommandResult> {
  return sh(machine, ['etcdctl', ...ETCD, ...argv]);
}

/** Runs civitas in a machine, as a person does there. */
export function civitas(machine: string, ...argv: readonly string[]): Promise<CommandResult> {
  return sh(machine, [...CIVITAS, ...argv]);
}

/** What the agent of a machine says. */
export async function viewOf(machine: string): Promise<AgentView> {
  const text = await run(machine, [...CIVITAS, 'status', '-o', 'json']);
  return agentViewSchema.parse(JSON.parse(text));
}

/** How often an operation of this kind was started on a machine, as its journal tells over power cuts. */
export async function kubeadmStarts(machine: string, operation: 'init' | 'join'): Promise<number> {
  const started = `Starting civitas-op-kubeadm-[0-9]*-${operation}`;
  const count = `journalctl --no-pager -o cat | grep -c '${started}' || true`;
  return Number((await run(machine, ['sh', '-c', count])).trim());
}

/** Removes every machine of an earlier run. */
export async function emptyRoom(): Promise<void> {
  await wipe(await existingMachines());
}

/** Asks again until the answer satisfies, at most `deadlineMs`; then the last answer is shown. */
export async function eventually<T>(
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
  deadlineMs: number,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
