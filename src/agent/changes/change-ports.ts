import type { Ports } from '../../ports/index.ts';
import type { NodeId } from '../../state/node-id.ts';

/** What a change that people ask for is made with. The store takes what no controller writes. */
export interface ChangePorts extends Pick<Ports, 'clock' | 'leadership' | 'self' | 'store'> {
  /** Whom this agent suspects, by what it and others find. */
  readonly missed: ReadonlySet<NodeId>;
}
