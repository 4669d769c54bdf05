import type { MemberOptions } from '../../engine/membership.ts';
import type { Random } from '../../ports/random.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Node } from '../../state/node.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { World } from '../world.ts';
import type { Logs } from './logs.ts';
import type { Multicast } from './multicast.ts';
import type { PeerNetwork } from './peer-network.ts';

/** What all agents of a fleet share: the world they are in, and the token they were given. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly world: World;
  readonly logs: Logs;
  readonly network: PeerNetwork;
  readonly multicast: Multicast;
  readonly recorder: Recorder;
  readonly token: { readonly expectedNodes: number; readonly spec: ClusterSpec };
  /** Name of the join key that machine number 1, 2, … was given. */
  keyOf(number: number): string;
  /** Puts something else in the place of an agent's ports, such as a broken guard. */
  alterPorts(ports: MemberOptions['ports'], node: Node): MemberOptions['ports'];
  readonly controllers: MemberOptions['controllers'] | undefined;
  /** Told of each call of a port that may change something, right before it takes effect. */
  onCalled(hostname: string, call: string, args: readonly unknown[]): void;
}
