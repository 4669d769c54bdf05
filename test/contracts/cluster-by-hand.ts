import type { BalancerServer } from '../../src/ports/balancer.ts';
import type { OperationState } from '../../src/ports/operations.ts';
import type { ContractBench, ContractHost } from './contract-bench.ts';
import {
  CONFIG,
  DISCOVERY,
  discoveryFile,
  initConfig,
  joinConfig,
  SHARED_FILES,
} from './kubeadm-files.ts';

export type Role = 'control-plane' | 'worker';

export const TOKEN = 'abcdef.0123456789abcdef';
const POLL_MS = 200;
const LONGEST_WAIT_MS = 600_000;
const TIMEOUT_SECONDS = 580;
const TOKEN_LIFE_MS = 900_000;

/** Brings everything on a host there that `Host.check` finds wanting. */
export async function prepare({ kubernetesVersion }: ContractBench, host: ContractHost) {
  for (const { name, state } of await host.ports.host.check(kubernetesVersion)) {
    if (state === 'can-prepare') await host.ports.host.prepare(name, kubernetesVersion);
  }
}

/** Load balancers on `at` in front of the API servers of `to`. */
export async function balance(at: readonly ContractHost[], to: readonly ContractHost[]) {
  for (const host of at) {
    await host.ports.balancer.install(to.map((server) => serverOf(server, server === host)));
  }
}

/** Runs `kubeadm init`; resolves to how it ended. */
export async function init(bench: ContractBench, host: ContractHost): Promise<OperationState> {
  const { kubernetesVersion, componentConfigs } = bench;
  await prepare(bench, host);
  const config = initConfig({ ...host, kubernetesVersion, componentConfigs });
  await host.ports.files.write(CONFIG, config, 0o600);
  return run(bench, host, 'init');
}

/** Hands over what `host` needs of `sponsor` and runs `kubeadm join`; resolves to how it ended. */
export async function join(
  bench: ContractBench,
  host: ContractHost,
  { role, sponsor }: { readonly role: Role; readonly sponsor: ContractHost },
): Promise<OperationState> {
  await handOver(bench, host, { role, sponsor });
  return run(bench, host, 'join');
}

export async function handOver(
  bench: ContractBench,
  host: ContractHost,
  { role, sponsor }: { readonly role: Role; readonly sponsor: ContractHost },
): Promise<void> {
  await prepare(bench, host);
  await mintToken(bench, sponsor);
  const { files } = host.ports;
  if (role === 'control-plane') {
    for (const path of SHARED_FILES) {
      await files.write(path, (await sponsor.ports.files.read(path)) ?? '', 0o600);
    }
  }
  const authority = (await sponsor.ports.files.read(SHARED_FILES[0])) ?? '';
  await files.write(DISCOVERY, discoveryFile(authority), 0o644);
  await files.write(CONFIG, joinConfig(host, { role, token: TOKEN }), 0o600);
}

/** The token of these tests, new each time. */
export async function mintToken(
  { clock }: ContractBench,
  { ports }: ContractHost,
  lifeMs = TOKEN_LIFE_MS,
) {
  await ports.kube.deleteBootstrapToken(TOKEN.slice(0, 6));
  await ports.kube.createBootstrapToken(TOKEN, clock.wallMs() + lifeMs, 'civitas contract');
}

/** Runs any program as an operation; resolves to how it ended. */
export async function runProgram(
  bench: ContractBench,
  host: ContractHost,
  argv: readonly [string, ...string[]],
): Promise<OperationState> {
  const name = 'contract';
  await host.ports.operations.forget(name);
  await host.ports.operations.start(name, argv, TIMEOUT_SECONDS);
  return ended(bench, host, name);
}

/** Starts `kubeadm init|join|reset` as the operation of that name and waits for its end. */
export async function run(
  bench: ContractBench,
  host: ContractHost,
  command: 'init' | 'join' | 'reset',
) {
  await start(host, command);
  return ended(bench, host, command);
}

export async function start({ ports }: ContractHost, command: 'init' | 'join' | 'reset') {
  const argv: [string, ...string[]] =
    command === 'reset'
      ? ['kubeadm', 'reset', '--force']
      : ['kubeadm', command, '--config', CONFIG];
  await ports.operations.forget(command);
  await ports.operations.start(command, argv, TIMEOUT_SECONDS);
}

export function ended(
  bench: ContractBench,
  { ports }: ContractHost,
  name: string,
): Promise<OperationState> {
  return until(bench, async () => {
    const state = await ports.operations.observe(name);
    return state.phase === 'running' ? undefined : state;
  });
}

/** Polls until something is there; rejects after ten minutes. */
export async function until<T>(
  { clock }: Pick<ContractBench, 'clock'>,
  look: () => Promise<T | undefined>,
) {
  const deadlineMs = clock.nowMs() + LONGEST_WAIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.nowMs() > deadlineMs) throw new Error('did not come within ten minutes');
    await clock.sleep(POLL_MS);
  }
}

/** Installs the pod network that Kubernetes gave this node, and waits until it is Ready. */
export async function makeReady(
  bench: ContractBench,
  { name, ports }: ContractHost,
): Promise<void> {
  const podCidr = await until(
    bench,
    async () => (await ports.kube.ownNode(name))?.podCidr ?? undefined,
  );
  await ports.podNetwork.installCni(podCidr);
  await until(bench, async () => (await ports.kube.ownNode(name))?.ready || undefined);
}

/** `controlPlanes` of the hosts as control planes, the rest as workers; all of them Ready. */
export async function buildCluster(bench: ContractBench, controlPlanes: number): Promise<void> {
  const [first, ...others] = bench.hosts;
  if (!first) return;
  await balance(bench.hosts, [first]);
  assertSucceeded(await init(bench, first));
  await makeReady(bench, first);
  for (const [index, host] of others.entries()) {
    const role = index + 1 < controlPlanes ? 'control-plane' : 'worker';
    assertSucceeded(await join(bench, host, { role, sponsor: first }));
    await makeReady(bench, host);
    if (role === 'control-plane') await balance(bench.hosts, bench.hosts.slice(0, index + 2));
  }
}

export function assertSucceeded(state: OperationState): void {
  if (state.phase !== 'succeeded') throw new Error(JSON.stringify(state));
}

function serverOf({ name, address }: ContractHost, preferred: boolean): BalancerServer {
  return { name, address, port: 6443, preferred };
}
