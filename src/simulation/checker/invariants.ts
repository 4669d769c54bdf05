import { balancersFollow } from './liveness/balancers-follow.ts';
import { cordonsEnd } from './liveness/cordons-end.ts';
import { deathNoticed } from './liveness/death-noticed.ts';
import { editsSpread } from './liveness/edits.ts';
import { everythingEnds } from './liveness/everything-ends.ts';
import { genesisInTime, seenByAll } from './liveness/formation.ts';
import { freedDisk } from './liveness/freed-disk.ts';
import { noBusyLoop } from './liveness/no-busy-loop.ts';
import { logComesBack, oneView } from './liveness/recovery.ts';
import { replacementDecided, replacementJoins } from './liveness/replacement.ts';
import { nextLeader, somebodyLeads } from './liveness/somebody-leads.ts';
import type { Invariant } from './rule.ts';
import { agreement } from './safety/agreement.ts';
import { askedFirst } from './safety/asked-first.ts';
import { atomicState } from './safety/atomic-state.ts';
import { budgets } from './safety/budgets.ts';
import { committedRoles } from './safety/committed-roles.ts';
import { coveredEffects } from './safety/covered-effects.ts';
import { etcdQuorum } from './safety/etcd-quorum.ts';
import { exactlyOnce } from './safety/exactly-once.ts';
import { fencing } from './safety/fencing.ts';
import { fewAtATime } from './safety/few-at-a-time.ts';
import { identity } from './safety/identity.ts';
import { isolation } from './safety/isolation.ts';
import { lastMaster } from './safety/last-master.ts';
import { monotonicTime } from './safety/monotonic-time.ts';
import { noSecrets } from './safety/no-secrets.ts';
import { oneGenesis } from './safety/one-genesis.ts';
import { oneInit } from './safety/one-init.ts';
import { oneLog } from './safety/one-log.ts';
import { orderFencing } from './safety/order-fencing.ts';
import { ordersOnce } from './safety/orders-once.ts';
import { ownReset } from './safety/own-reset.ts';
import { deafToOutsiders, quiet } from './safety/quiet.ts';
import { remediationBrake } from './safety/remediation-brake.ts';
import { schemaGate } from './safety/schema-gate.ts';
import { shortCredentials } from './safety/short-credentials.ts';
import { specRegister } from './safety/spec-register.ts';
import { stillMinority } from './safety/still-minority.ts';
import { validSpec } from './safety/valid-spec.ts';
import { versionOrder } from './safety/version-order.ts';

/** Every invariant that a trace can show to be broken: S is never, L is in time. */
export const invariants: readonly Invariant[] = [
  oneGenesis,
  oneInit,
  coveredEffects,
  committedRoles,
  etcdQuorum,
  fewAtATime,
  versionOrder,
  specRegister,
  agreement,
  oneLog,
  fencing,
  orderFencing,
  stillMinority,
  noSecrets,
  quiet,
  deafToOutsiders,
  isolation,
  identity,
  ownReset,
  validSpec,
  atomicState,
  remediationBrake,
  askedFirst,
  budgets,
  monotonicTime,
  shortCredentials,
  exactlyOnce,
  ordersOnce,
  schemaGate,
  lastMaster,
  seenByAll,
  genesisInTime,
  deathNoticed,
  nextLeader,
  replacementDecided,
  replacementJoins,
  editsSpread,
  logComesBack,
  oneView,
  somebodyLeads,
  balancersFollow,
  everythingEnds,
  cordonsEnd,
  noBusyLoop,
  freedDisk,
];
