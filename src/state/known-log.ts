import { z } from 'zod';
import { type Kind, kindSchemas } from './kinds.ts';

function entriesOf<K extends Kind>(kind: K) {
  return z.array(
    z.strictObject({
      kind: z.literal(kind),
      key: z.string(),
      value: kindSchemas[kind],
      revision: z.int(),
    }),
  );
}

/** What an agent knows of the log, but for sealed keys: enough to tell why things are as they are. */
export const knownLogSchema = z.strictObject({
  /** Of the newest entry; 0 for an empty log. */
  revision: z.int(),
  /** False while the log does not answer: then all this may be old. */
  synced: z.boolean(),
  spec: entriesOf('spec'),
  nodes: entriesOf('node'),
  livenesses: entriesOf('liveness'),
  assignments: entriesOf('assignment'),
  operations: entriesOf('operation'),
  statuses: entriesOf('status'),
  departures: entriesOf('departure'),
  requests: entriesOf('request'),
  plans: entriesOf('plan'),
  approvals: entriesOf('approval'),
  events: entriesOf('event'),
  releases: entriesOf('release'),
  rollouts: entriesOf('rollout'),
  progresses: entriesOf('progress'),
  orders: entriesOf('order'),
  upkeeps: entriesOf('upkeep'),
  drains: entriesOf('drain'),
  surveys: entriesOf('survey'),
  certificates: entriesOf('certificates'),
  drifts: entriesOf('drift'),
  holds: entriesOf('hold'),
  editions: entriesOf('edition'),
  bundles: entriesOf('bundle'),
  wordings: entriesOf('wording'),
});

export type KnownLog = z.infer<typeof knownLogSchema>;
