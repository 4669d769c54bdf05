import type { Ports } from '../ports/index.ts';
import type { Command } from '../state/command.ts';
import { failureReason } from '../state/kubeadm-output.ts';

/** One that was only announced never ran. */
export async function observeCommand(
  { operations }: Pick<Ports, 'operations'>,
  name: string,
): Promise<Command> {
  const state = await operations.observe(name);
  switch (state.phase) {
    case 'absent':
    case 'announced':
      return { phase: 'absent' };
    case 'running':
      return { phase: 'running' };
    case 'succeeded':
    case 'failed': {
      const { output } = state;
      return { phase: 'ended', outcome: state.phase, reason: failureReason(output), output };
    }
  }
}
