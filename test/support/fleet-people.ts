import { leaveAnswer } from '../../src/agent/leave-answer.ts';
import { localChanges } from '../../src/agent/local-changes.ts';
import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../src/simulation/fleet/machine.ts';
import { bundleContent } from '../../src/simulation/release-files.ts';
import { hostNamed } from '../../src/simulation/world-state.ts';
import type { LeaveView } from '../../src/state/leave-view.ts';
import { genesisOf, logOf } from './fleet-log.ts';

type Path =
  | '/v1/approve'
  | '/v1/bundle'
  | '/v1/drain'
  | '/v1/leave'
  | '/v1/spec'
  | '/v1/stay'
  | '/v1/uncordon';

/** What people ask the agent of a machine to change; resolves to its answer. */
export async function tell(
  fleet: Fleet,
  machine: Machine,
  path: Path,
  body: unknown = {},
): Promise<unknown> {
  // What was written last has to reach this machine first, and its answer takes time, too.
  await fleet.clock.advance(1_000);
  const answer = ask(fleet, machine, path, body);
  answer.catch(() => undefined);
  await fleet.clock.advance(1_000);
  return answer;
}

/** The same right now, for others to be asked at the same time: it takes virtual time to be answered. */
export async function ask(
  fleet: Fleet,
  machine: Machine,
  path: Path,
  body: unknown,
): Promise<unknown> {
  const record = machine.node();
  const { nodeId, incarnation } = record;
  const changes = localChanges({
    clock: fleet.clock,
    self: { nodeId, incarnation, record },
    expectedNodes: 1,
    bundleFiles: { find: async (sha256) => bundleFile(fleet, machine, sha256) },
    log: () => machine.agent()?.member.current()?.log,
  });
  return Object.entries(changes).find(([each]) => each === path)?.[1](body);
}

function bundleFile({ world }: Fleet, { hostname }: Machine, sha256: string) {
  const content = bundleContent(hostNamed(world.state, hostname).disk, sha256);
  return content === undefined ? undefined : { bytes: content.length };
}

/** What `civitas leave` shows on a machine. */
export async function leavingOf(fleet: Fleet, machine: Machine): Promise<LeaveView> {
  const { hostname } = machine;
  const log = fleet.logs.newest();
  const servers = (log?.replicasOn([hostname]) ?? []).map((serverName) => {
    return { serverName, running: log?.isRunning(serverName) ?? false };
  });
  const view = leaveAnswer(logOf(fleet), {
    ...fleet.world.hostPorts(hostname),
    self: machine.node(),
    record: () => genesisOf(fleet),
    replicaServers: { observe: async () => servers },
  });
  await fleet.clock.advance(1_000);
  return view;
}
