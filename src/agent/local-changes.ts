import type { LocalChanges } from '../adapters/local-api-server.ts';
import { RetryableError, TerminalError } from '../errors.ts';
import type { Ports } from '../ports/index.ts';
import type { Store, StoreHandle } from '../ports/store.ts';
import { scopedStore } from '../runtime/scoped-ports.ts';
import { APPENDED_KINDS, PEOPLES_KINDS } from '../state/kinds.ts';
import type { NodeId } from '../state/node-id.ts';
import { approve } from './changes/approve.ts';
import type { ChangePorts } from './changes/change-ports.ts';
import { editSpec } from './changes/edit-spec.ts';
import { hold } from './changes/hold.ts';
import { requestDrain, withdrawDrain } from './changes/request-drain.ts';
import { requestLeave } from './changes/request-leave.ts';
import { type BundleFiles, vouchBundle } from './changes/vouch-bundle.ts';
import { withdrawLeave } from './changes/withdraw-leave.ts';

/** The log as this agent has it, while it is a member of a cluster. */
interface Log {
  readonly store: Store & Pick<StoreHandle, 'problems'>;
  readonly leadership: Ports['leadership'];
  readonly observers: { missed(): ReadonlySet<NodeId> };
}

interface Around extends Pick<Ports, 'clock' | 'self'> {
  /** Undefined before there is a cluster, and while another epoch begins. */
  log(): Log | undefined;
  /** Machines that the cluster was founded for. */
  readonly expectedNodes: number;
  readonly bundleFiles: BundleFiles;
}

const OUTPUTS = ['spec', ...PEOPLES_KINDS, ...APPENDED_KINDS] as const;

/**
 * What people may change through the agent of any machine. Each answers once the log acknowledged it.
 * All reject with RetryableError `change.no-log` before this agent has all of the log, and with
 * TerminalError `change.newer-log` when the log holds what only a newer release can read (S25).
 */
export function localChanges({
  clock,
  self,
  expectedNodes,
  bundleFiles,
  log,
}: Around): LocalChanges {
  const ports = (): ChangePorts => {
    const { store, leadership, observers } = readyLog(log());
    const scoped = scopedStore({ name: 'local-api', outputs: OUTPUTS }, store);
    return { clock, leadership, missed: observers.missed(), self, store: scoped };
  };
  return {
    '/v1/leave': async () => requestLeave(ports()),
    '/v1/stay': async (body) => withdrawLeave(body, ports()),
    '/v1/approve': async (body) => approve(body, ports()),
    '/v1/hold': async (body) => hold(body, ports()),
    '/v1/drain': async (body) => requestDrain(body, ports()),
    '/v1/uncordon': async (body) => withdrawDrain(body, ports()),
    '/v1/spec': async (body) => editSpec(body, ports(), expectedNodes),
    '/v1/bundle': async (body) => vouchBundle(body, ports(), bundleFiles),
  };
}

function readyLog(log: Log | undefined): Log {
  if (!log?.store.synced) {
    throw new RetryableError(
      'change.no-log',
      'The log does not answer this agent, so nothing can be changed: see what `civitas status` waits for.',
    );
  }
  const [problem] = log.store.problems();
  if (problem === undefined) return log;
  throw new TerminalError(
    'change.newer-log',
    `${problem.message} Nothing is changed by this release: use that of the other agents.`,
  );
}
