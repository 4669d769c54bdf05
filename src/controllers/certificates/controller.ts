import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepObeyedTerm } from '../../runtime/obeyed-term.ts';
import { KUBERNETES_FOLDER } from '../../state/kubernetes-paths.ts';
import type { Action } from './action.ts';
import { backUp, putBackFiles, removeBackup } from './backup.ts';
import { decide } from './decide.ts';
import {
  bootstrapKubelet,
  holdKubelet,
  nameRotated,
  removeBootstrap,
  renewServing,
} from './kubelet-files.ts';
import { type Memory, OBEYED_TERM, observe, RENEWAL } from './observe.ts';
import type { Observed } from './observed.ts';
import type { Renewal, RestartedUser } from './renewal.ts';

interface Options {
  /** Of the log as it is now: terms begin anew with it. */
  readonly epoch: () => number;
}

const COMMAND_TIMEOUT_SECONDS = 600;
/** `all` passes over what is not there, and needs no API server. */
const RENEW_ALL = ['kubeadm', 'certs', 'renew', 'all'] as const;
/** What kubeadm writes when it renews. */
const RENEWED_PATHS = [KUBERNETES_FOLDER];

/**
 * Tells the log how long the leaves of this host are good for, renews them when the leader asks, one
 * node at a time, and without being asked where they are over, so that a cluster that was off for
 * longer than they live comes up by itself.
 */
export function createCertificates({ epoch }: Options): Controller<Observed, Action> {
  const memory: Memory = { sightings: new Map() };
  return {
    name: 'certificates',
    scope: 'node',
    inputs: ['order', 'drain', 'handover', 'status'],
    outputs: ['certificates'],
    settledLookMs: 60_000,
    observe: (ports) => observe(ports, epoch(), memory),
    decide,
    act: (action, ports) => act(action, ports, epoch()),
  };
}

async function act(action: Action, ports: Ports, epoch: number): Promise<void> {
  const { durable, files, operations, store } = ports;
  switch (action.type) {
    case 'report':
      await store.put('certificates', action.value.nodeId, action.value, action.ifRevision);
      return;
    case 'obey':
      return keepObeyedTerm(durable, OBEYED_TERM, { epoch, term: action.term });
    case 'record':
      return durable.write(RENEWAL, action.renewal);
    case 'back-up':
      await backUp(namesOf(action.renewal), files);
      return durable.write(RENEWAL, { ...action.renewal, backedUp: true });
    case 'renew':
      return operations.start(action.command, RENEW_ALL, COMMAND_TIMEOUT_SECONDS);
    case 'sync-files':
      await files.sync(RENEWED_PATHS);
      return durable.write(RENEWAL, action.renewal);
    case 'mend':
      await putBackFiles(action.torn, files);
      // What stands there now is copied anew: another power cut may come.
      return durable.write(RENEWAL, { ...action.renewal, backedUp: false });
    case 'forget-command':
      return operations.forget(action.command);
    case 'put-back':
      return putBackFiles(namesOf(action.renewal), files);
    case 'restart':
      await restart(action.user, ports);
      return durable.write(RENEWAL, action.renewal);
    case 'finish':
      await removeBackup(files);
      return durable.remove(RENEWAL);
    case 'hold-kubelet':
      return holdKubelet(ports);
    case 'bootstrap-kubelet':
      return bootstrapKubelet(ports);
    case 'remove-bootstrap':
      return removeBootstrap(files);
    case 'name-rotated':
      return nameRotated(files);
  }
}

function namesOf({ before }: Renewal): readonly string[] {
  return before.map(({ name }) => name);
}

function restart(user: RestartedUser, ports: Ports): Promise<void> {
  return user === 'kubelet' ? renewServing(ports) : ports.certificates.restart(user);
}
