import {
  attemptOf,
  FIRST_PROGRESS,
  type Progress,
  readProgress,
} from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import { TOKEN_LIFETIME_MS } from '../../state/bootstrap-token.ts';
import type { HostMarker } from '../../state/host-marker.ts';
import type { Status } from '../../state/status.ts';
import { observeCommands, observePhases } from './observe-command.ts';
import type { BalancerFacts, HostReadiness, Observed } from './observed.ts';

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
  readonly kubeletVersion: string | undefined;
  /** What this incarnation last said of itself. */
  readonly reported: Status | undefined;
}

/** A token that expires sooner may be gone before kubeadm has used it. */
const TOKEN_LEFT_MS = 60_000;
/** By a clock further behind the certificates are not valid yet: kubeadm dates them back by 5 minutes. */
const MOST_LEFT_MS = TOKEN_LIFETIME_MS + 5 * 60_000;

const NO_WORK: Work = {
  host: { state: 'not-asked' },
  formerOperation: 'none',
  balancer: { running: false, listsOwnServer: false, reachesOthers: false },
  handover: 'absent',
  command: { phase: 'absent' },
  reset: { phase: 'absent' },
};

export async function observeWork(ports: Ports, question: Question): Promise<Work> {
  const { assignment, progress, marker } = question;
  if (isSettled(question)) return NO_WORK;
  const { command, reset } = await observeCommands(ports, assignment?.operationId, progress);
  const isYetToStart = progress === undefined || progress.state === 'intended';
  const usesHost = isYetToStart && assignment?.task !== 'demote' && assignment?.task !== 'retire';
  return {
    command,
    reset,
    host: usesHost ? await checkHost(ports, question) : NO_WORK.host,
    formerOperation: await observeFormer(ports, marker, assignment),
    balancer: await observeBalancer(ports),
    handover: observeHandover(ports, assignment, progress),
  };
}

/** Nothing is under way, and nothing will be before the leader asks for something else. */
function isSettled({ assignment, progress, reported }: Question): boolean {
  if (progress?.state === 'succeeded' || progress?.state === 'gave-up') return true;
  if (reported?.phase !== 'spare' && reported?.phase !== 'serving') return false;
  return assignment === undefined || (assignment.task === 'stand-by' && reported.phase === 'spare');
}

async function checkHost(
  ports: Ports,
  { kubernetesVersion, kubeletVersion }: Question,
): Promise<HostReadiness> {
  if (kubernetesVersion === undefined) return { state: 'not-asked' };
  const checks = await ports.host.check(kubernetesVersion, kubeletVersion);
  const missing = checks.filter(({ state }) => state === 'missing');
  if (missing.length > 0) {
    const messages = missing.map(({ message }) => message);
    const lacksPrograms = missing.some(({ name }) => name === 'binaries');
    const wanted = [...new Set([kubernetesVersion, kubeletVersion ?? kubernetesVersion])];
    const obtainable = lacksPrograms ? await idle(ports, wanted) : [];
    return { state: 'missing', messages, ...(obtainable.length > 0 && { obtainable }) };
  }
  return { state: checks.every(({ state }) => state === 'ok') ? 'ready' : 'can-prepare' };
}

/** What a mirror gave wrong once it gives wrong again: that is for people. */
async function idle({ releases }: Ports, versions: readonly string[]): Promise<readonly string[]> {
  const asked = await Promise.all(
    versions.map(async (version) => ({ version, progress: await releases.progress(version) })),
  );
  return asked
    .filter(({ progress }) => {
      return progress.phase === 'idle' || (progress.phase === 'failed' && progress.retryable);
    })
    .map(({ version }) => version);
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
  const promotes = entry?.value.task === 'promote';
  const phases = promotes ? await observePhases(ports, operationId, progress) : [];
  return [command, reset, ...phases].some(({ phase }) => phase === 'running') ? 'running' : 'ended';
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

function observeHandover(
  { clock, store }: Ports,
  assignment: Assignment | undefined,
  progress: Progress = FIRST_PROGRESS,
): Observed['handover'] {
  const entry = assignment && store.get('handover', assignment.nodeId)?.value;
  if (!entry || entry.operationId !== assignment.operationId) return 'absent';
  if (entry.attempt !== attemptOf(progress)) return 'absent';
  const { sponsor, expiresWallMs } = entry;
  const leftMs = expiresWallMs - clock.wallMs();
  if (leftMs > TOKEN_LEFT_MS && leftMs <= MOST_LEFT_MS) return 'ready';
  const { hostname = sponsor } = store.get('node', sponsor)?.value ?? {};
  return { endsWallMs: expiresWallMs, sponsor: hostname };
}
