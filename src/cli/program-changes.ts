import type { Command } from 'commander';
import { DEFAULT_STATE_DIR, examples } from './command-parts.ts';

const STATE_DIR = ['--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR] as const;

/** Commands by which people change the cluster; each loads its own module. */
export function addChanges(program: Command): void {
  program
    .command('apply')
    .description('change the spec of the cluster; prints what differs')
    .requiredOption('-f, --file <file>', 'a Cluster document (YAML); `-` reads standard input')
    .option('--dry-run', 'judge it and print what would change, without a change')
    .option(...STATE_DIR)
    .addHelpText(
      'after',
      examples(
        'civitas get spec > cluster.yaml && vi cluster.yaml && civitas apply -f cluster.yaml',
        'civitas apply -f cluster.yaml --dry-run',
      ),
    )
    .action(async (options) => (await import('./apply.ts')).apply(options));
  program
    .command('approve')
    .description('let the leader carry out a plan of `civitas get plans`')
    .argument('<plan>', 'name of the plan')
    .option(...STATE_DIR)
    .addHelpText('after', examples('civitas get plans', 'civitas approve replace-n2-1042'))
    .action(async (plan, options) => (await import('./approve.ts')).approve(plan, options));
  program
    .command('leave')
    .description('take this node out of the cluster for good')
    .option('--wait', 'follow it until each part is seen to be gone')
    .option(...STATE_DIR)
    .addHelpText('after', examples('civitas leave', 'civitas leave --wait'))
    .action(async (options) => (await import('./leave.ts')).leave(options));
}
