import type { Ports } from '../../../src/ports/index.ts';
import { budgets } from '../../../src/simulation/checker/safety/budgets.ts';
import { etcdQuorum } from '../../../src/simulation/checker/safety/etcd-quorum.ts';
import { fewAtATime } from '../../../src/simulation/checker/safety/few-at-a-time.ts';
import { lastMaster } from '../../../src/simulation/checker/safety/last-master.ts';
import { noSecrets } from '../../../src/simulation/checker/safety/no-secrets.ts';
import { ownReset } from '../../../src/simulation/checker/safety/own-reset.ts';
import { deafToOutsiders, quiet } from '../../../src/simulation/checker/safety/quiet.ts';
import { remediationBrake } from '../../../src/simulation/checker/safety/remediation-brake.ts';
import { stillMinority } from '../../../src/simulation/checker/safety/still-minority.ts';
import { versionOrder } from '../../../src/simulation/checker/safety/version-order.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { type Mutant, ONE_MINUTE_MS, settle } from './mutant.ts';
import { alongside, everybodyServes, isHost, servesAsControlPlane } from './rogue.ts';

const RESET = ['kubeadm', 'reset', '--force'] as const;
const COMMAND_SECONDS = 1_800;

/** Features that do not exist yet are done wrong by a rogue, so that they are held to their rule from the first day. */
export const hostMutants: readonly Mutant[] = [
  {
    rule: etcdQuorum,
    name: 'etcd removes a healthy member beside an ill one',
    async script(fleet, isBroken) {
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      fleet.machine('n3').powerOff();
      if (isBroken) removeMember(fleet, 'n2');
      await fleet.clock.advance(1_000);
      fleet.machine('n3').boot();
      await fleet.clock.advance(10_000);
    },
  },
  {
    rule: fewAtATime,
    name: 'every control plane cordons itself',
    altered: () =>
      alongside({
        isDue: (ports) => everybodyServes(ports, 3),
        act: ({ kube, self }) => kube.setUnschedulable(self.record.hostname, true),
      }),
  },
  {
    rule: versionOrder,
    name: 'a node is upgraded to an older release',
    altered: () =>
      alongside({
        isDue: (ports) => servesAsControlPlane(ports) && isHost('n1', ports),
        act: (ports) => run(ports, 'upgrade-1', ['kubeadm', 'upgrade', 'apply', 'v1.32.0']),
      }),
  },
  {
    rule: stillMinority,
    name: 'a node that lost the others resets itself',
    altered: () =>
      alongside({
        isDue: (ports) => isHost('n3', ports) && ports.clock.nowMs() > 3 * ONE_MINUTE_MS,
        act: (ports) => run(ports, 'reset-1-alone', RESET),
      }),
    async script({ clock, world }) {
      await clock.advance(2 * ONE_MINUTE_MS);
      for (const other of ['n1', 'n2']) world.cut('n3', other);
      await clock.advance(2 * ONE_MINUTE_MS);
    },
  },
  {
    rule: noSecrets,
    name: 'tokens are told to the log of the agent',
    altered: () => ({
      alterPorts: (ports) => ({
        ...ports,
        kube: {
          ...ports.kube,
          async createBootstrapToken(token, expiresWallMs, description) {
            await ports.kube.createBootstrapToken(token, expiresWallMs, description);
            ports.log.info({ event: 'token.created', token }, 'token created');
          },
        },
      }),
    }),
  },
  {
    rule: quiet,
    name: 'a file is written again and again',
    altered: () => ({ alterPorts: (ports) => withHeartbeat(ports) }),
    async script(fleet) {
      await settle(fleet);
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
    },
  },
  {
    rule: deafToOutsiders,
    name: 'whoever knocks is written down',
    altered: () => ({ alterPorts: (ports) => withHeartbeat(ports) }),
    async script(fleet) {
      await settle(fleet);
      fleet.recorder.note('n1', { type: 'outsider.sent', detail: 'a knock' });
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
    },
  },
  {
    rule: ownReset,
    name: 'a host is cleaned before its first use',
    altered: () =>
      alongside({
        isDue: (ports) => isHost('n3', ports),
        act: (ports) => run(ports, 'reset-0-clean', RESET),
      }),
  },
  {
    rule: remediationBrake,
    name: 'an etcd member is removed as soon as it is silent',
    altered: () => alongside({ isDue: hasSilentMember, act: removeSilentMember }),
    async script(fleet) {
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      const leader = fleet.leader()?.hostname;
      fleet.machines.find(({ hostname }) => hostname !== leader)?.powerOff();
      await fleet.clock.advance(25_000);
    },
  },
  {
    rule: budgets,
    name: 'a drain asks no budget',
    altered: () =>
      alongside({
        isDue: (ports) => servesAsControlPlane(ports) && isHost('n1', ports),
        act: (ports) => run(ports, 'drain-n2', ['kubectl', 'drain', 'n2', '--disable-eviction']),
      }),
  },
  {
    rule: lastMaster,
    name: 'the only control plane resets itself',
    options: { nodes: 1, spec: { controlPlanes: 1 } },
    altered: () =>
      alongside({ isDue: servesAsControlPlane, act: (ports) => run(ports, 'reset-1-last', RESET) }),
  },
];

function run({ operations }: Ports, name: string, argv: readonly [string, ...string[]]) {
  return operations.start(name, argv, COMMAND_SECONDS);
}

function withHeartbeat<P extends Pick<Ports, 'clock' | 'files'>>(ports: P): P {
  const { clock, files } = ports;
  void (async () => {
    for (;;) {
      await clock.sleep(ONE_MINUTE_MS);
      await files.write('/var/tmp/heartbeat', '', 0o600);
    }
  })();
  return ports;
}

async function hasSilentMember(ports: Ports): Promise<boolean> {
  return servesAsControlPlane(ports) && (await silentMember(ports)) !== undefined;
}

async function silentMember({ etcd }: Ports) {
  const health = await etcd.health().catch(() => undefined);
  return health?.members.find(({ status, name }) => status === undefined && name !== '');
}

async function removeSilentMember(ports: Ports): Promise<void> {
  const member = await silentMember(ports);
  if (member) await ports.etcd.removeMember(member.id);
}

/** As an etcd would that does not check what is left. */
function removeMember({ world: { state } }: Fleet, hostname: string): void {
  for (const { etcd } of state.clusters.values()) {
    etcd.members = etcd.members.filter(({ name }) => name !== hostname);
  }
  state.changes += 1;
}
