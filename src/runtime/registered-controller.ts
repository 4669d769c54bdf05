import { TerminalError } from '../errors.ts';
import type { Ports } from '../ports/index.ts';
import { APPENDED_KINDS, type Kind, PEOPLES_KINDS } from '../state/kinds.ts';
import type { Controller, Turn } from './controller.ts';
import { scopedPorts } from './scoped-ports.ts';
import { createWorker, type Worker } from './worker.ts';

/** A controller without its type parameters, so that many stand in one list. */
export interface RegisteredController {
  readonly name: string;
  readonly scope: 'leader' | 'node';
  readonly inputs: readonly Kind[];
  readonly outputs: readonly Kind[];
  readonly turn: Turn | undefined;
  readonly despiteUnread: readonly string[];
  createWorker(ports: Ports): Worker;
}

export function register<O, A extends { readonly type: string }>(
  controller: Controller<O, A>,
): RegisteredController {
  const { name, scope, inputs, outputs, turn, despiteUnread = [] } = controller;
  return {
    name,
    scope,
    inputs,
    outputs,
    turn,
    despiteUnread,
    createWorker: (ports) => createWorker(controller, scopedPorts(controller, ports)),
  };
}

/**
 * Two writers of one kind would undo each other for ever. Throws TerminalError
 * `runtime.second-writer` that names both.
 */
export function refuseSecondWriters(controllers: readonly RegisteredController[]): void {
  const owners = new Map<Kind, string>(PEOPLES_KINDS.map((kind) => [kind, 'local-api']));
  for (const { name, outputs } of controllers) {
    for (const kind of outputs) {
      if (APPENDED_KINDS.includes(kind)) continue;
      const owner = owners.get(kind);
      if (owner !== undefined) {
        throw new TerminalError(
          'runtime.second-writer',
          `controllers ${owner} and ${name} both declare to write ${kind}: report it.`,
        );
      }
      owners.set(kind, name);
    }
  }
}
