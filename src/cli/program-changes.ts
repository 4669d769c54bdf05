import type { Command } from 'commander';
import type { Hold } from '../state/rollout.ts';
import { DEFAULT_STATE_DIR, examples } from './command-parts.ts';

const STATE_DIR = ['--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR] as const;

/** Commands by which people change the cluster; each loads its own module. */
export function addChanges(program: Command): void {
  addSpecChanges(program);
  addPlanChanges(program);
  addNodeChanges(program);
}

function addNodeChanges(program: Command): void {
  program
    .command('drain')
    .description('have a node give its pods away, as their budgets allow, and take none')
    .argument('<node>', 'host name or node id')
    .option('--wait', 'follow it until the node is empty')
    .option(...STATE_DIR)
    .addHelpText('after', examples('civitas drain n4', 'civitas drain n4 --wait'))
    .action(async (node, options) => (await import('./drain.ts')).drain(node, options));
  program
    .command('uncordon')
    .description('let a node take pods again that was drained')
    .argument('<node>', 'host name or node id')
    .option(...STATE_DIR)
    .addHelpText('after', examples('civitas uncordon n4'))
    .action(async (node, options) => (await import('./drain.ts')).uncordon(node, options));
  program
    .command('leave')
    .description('take this node out of the cluster for good')
    .option('--wait', 'follow it until each part is seen to be gone')
    .option('--cancel [node]', 'take that back, as long as nothing of the node was taken away')
    .option(...STATE_DIR)
    .addHelpText(
      'after',
      examples(
        'civitas leave',
        'civitas leave --wait',
        'civitas leave --cancel',
        'civitas leave --cancel n4',
      ),
    )
    .action(async (options) => (await import('./leave.ts')).leave(options));
}

function addSpecChanges(program: Command): void {
  program
    .command('edit')
    .description('change the spec of the cluster in $VISUAL, $EDITOR or vi; comments are kept')
    .option('--wait', 'follow the rollout that it leads to until it is done')
    .option(...STATE_DIR)
    .addHelpText('after', examples('civitas edit', 'EDITOR="code --wait" civitas edit --wait'))
    .action(async (options) => (await import('./edit.ts')).edit(options));
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
    .command('diff')
    .description('what a document would change of the spec; exit code 1 when it does, else 0')
    .requiredOption('-f, --file <file>', 'a Cluster document (YAML); `-` reads standard input')
    .option(...STATE_DIR)
    .addHelpText('after', examples('civitas diff -f cluster.yaml'))
    .action(async (options) => (await import('./diff.ts')).diff(options));
}

function addPlanChanges(program: Command): void {
  program
    .command('approve')
    .description('let the leader carry out a plan of `civitas plan`')
    .argument('<plan>', 'name of the plan')
    .option(...STATE_DIR)
    .addHelpText('after', examples('civitas plan', 'civitas approve upgrade-v1-35-1-57'))
    .action(async (plan, options) => (await import('./approve.ts')).approve(plan, options));
  addHold(program, 'pause', 'begin no further step of a rollout; what is under way on a node ends');
  addHold(program, 'resume', 'let a rollout go on, also after a failure');
  addHold(program, 'cancel', 'end a rollout at the next safe point, for good');
}

function addHold(program: Command, word: Hold['word'], description: string): void {
  program
    .command(word)
    .description(description)
    .argument('[plan]', 'name of the rollout (default: the one under way)')
    .option(...STATE_DIR)
    .addHelpText('after', examples(`civitas ${word}`, `civitas ${word} upgrade-v1-35-1-57`))
    .action(async (plan, options) => (await import('./hold.ts')).hold(word, plan, options));
}
