import { attemptOf, type Progress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import { failureReason } from '../../state/kubeadm-output.ts';
import { commandName, resetName } from './command.ts';
import type { Command, Observed } from './observed.ts';
import { phaseNames } from './promotion-phases.ts';

const ABSENT: Command = { phase: 'absent' };

/** The commands of the attempt that is next, under way or last. */
export async function observeCommands(
  ports: Ports,
  operationId: string | undefined,
  progress: Progress | undefined,
): Promise<Pick<Observed, 'command' | 'reset'>> {
  if (operationId === undefined || progress === undefined)
    return { command: ABSENT, reset: ABSENT };
  const attempt = attemptOf(progress);
  return {
    command: await observeCommand(ports, commandName(operationId, attempt)),
    reset: await observeCommand(ports, resetName(operationId, attempt)),
  };
}

/** The phases of a promotion in place, in their order; none unless they may have been started. */
export async function observePhases(
  ports: Ports,
  operationId: string,
  progress: Progress | undefined,
): Promise<readonly Command[]> {
  if (progress?.state !== 'running') return [];
  const names = phaseNames(operationId, attemptOf(progress));
  return Promise.all(names.map((name) => observeCommand(ports, name)));
}

async function observeCommand({ operations }: Ports, name: string): Promise<Command> {
  const state = await operations.observe(name);
  switch (state.phase) {
    case 'absent':
    case 'announced':
    case 'running':
      return { phase: state.phase };
    case 'succeeded':
    case 'failed':
      return { phase: 'ended', outcome: state.phase, reason: failureReason(state.output) };
  }
}
