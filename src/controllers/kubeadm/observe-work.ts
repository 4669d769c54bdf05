import { attemptOf, type Progress, readProgress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { HostMarker } from '../../state/host-marker.ts';
import { commandName, resetName } from './command.ts';
import { failureReason } from './kubeadm-output.ts';
import type { BalancerFacts, Command, HostReadiness, Observed } from './observed.ts';

/** What counts only while a host is on its way; asking costs processes. */
type Work = Pick<
  Observed,
  'host' | 'formerOperation' | 'balancer' | 'handover' | 'command' | 'reset'
>;

interface Question {
  readonly assignment: Assignment | undefined;
  readonly progress: Progress | undefined;
  readonly marker: HostMarker | undefined;
  readonly kubernetesVersion: string | undefined;
}

/** A token that expires sooner may be gone before kubeadm has used it. */
const TOKEN_LEFT_MS = 60_000;

const NO_WORK: Work = {
  host: { state: 'not-asked' },
  formerOperation: 'none',
  balancer: { running: false, listsOwnServer: false, reachesOthers: false },
  handover: 'absent',
  command: { phase: 'absent' },
  reset: { phase: 'absent' },
};

export async function observeWork(ports: Ports, question: Question): Promise<Work> {
  const { assignment, progress, marker, kubernetesVersion } = question;
  if (progress?.state === 'succeeded') return NO_WORK;
  const { command, reset } = await observeCommands(ports, assignment?.operationId, progress);
  const usesHost = progress === undefined || progress.state === 'intended';
  return {
    command,
    reset,
    host: usesHost ? await checkHost(ports, kubernetesVersion) : NO_WORK.host,
    formerOperation: await observeFormer(ports, marker, assignment),
    balancer: await observeBalancer(ports),
    handover: observeHandover(ports, assignment),
  };
}

async function observeCommands(
  ports: Ports,
  operationId: string | undefined,
  progress: Progress | undefined,
): Promise<Pick<Work, 'command' | 'reset'>> {
  if (operationId === undefined || progress === undefined) return NO_WORK;
  const attempt = attemptOf(progress);
  return {
    command: await observeCommand(ports, commandName(operationId, attempt)),
    reset: await observeCommand(ports, resetName(operationId, attempt)),
  };
}

async function observeCommand({ operations }: Ports, name: string): Promise<Command> {
  const state = await operations.observe(name);
  switch (state.phase) {
    case 'absent':
    case 'running':
      return { phase: state.phase };
    case 'succeeded':
    case 'failed':
      return { phase: 'ended', outcome: state.phase, reason: failureReason(state.output) };
  }
}

async function checkHost({ host }: Ports, version: string | undefined): Promise<HostReadiness> {
  if (version === undefined) return { state: 'not-asked' };
  const checks = await host.check(version);
  const missing = checks.filter(({ state }) => state === 'missing');
  if (missing.length > 0) {
    return { state: 'missing', messages: missing.map(({ message }) => message) };
  }
  return { state: checks.every(({ state }) => state === 'ok') ? 'ready' : 'can-prepare' };
}

async function observeFormer(
  ports: Ports,
  marker: HostMarker | undefined,
  assignment: Assignment | undefined,
): Promise<Observed['formerOperation']> {
  if (!marker || marker.operationId === assignment?.operationId) return 'none';
  const { operationId } = marker;
  const entry = ports.store.get('operation', operationId);
  const progress = entry && readProgress(entry.value.snapshot);
  if (progress?.state === 'succeeded') return 'succeeded';
  const { command, reset } = await observeCommands(ports, operationId, progress);
  return [command.phase, reset.phase].includes('running') ? 'running' : 'ended';
}

async function observeBalancer({ balancer, self }: Ports): Promise<BalancerFacts> {
  const { running, servers } = await balancer.observe();
  const isOwn = (address: string) => self.record.addresses.includes(address);
  return {
    running,
    listsOwnServer: servers.some(({ address }) => isOwn(address)),
    reachesOthers: servers.some(({ address, up }) => up && !isOwn(address)),
  };
}

function observeHandover({ clock, store }: Ports, assignment: Assignment | undefined) {
  const entry = assignment && store.get('handover', assignment.nodeId)?.value;
  if (!entry || entry.operationId !== assignment.operationId) return 'absent';
  return entry.expiresWallMs - clock.wallMs() > TOKEN_LEFT_MS ? 'ready' : 'absent';
}
