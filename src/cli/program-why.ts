import type { Command } from 'commander';
import { DEFAULT_STATE_DIR, examples, outputOption } from './command-parts.ts';

const STATE_DIR = ['--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR] as const;

/** Commands that tell what is wanted, what was decided, and why; each loads its own module. */
export function addWhy(program: Command): void {
  addGet(program);
  addPlan(program);
  program
    .command('schema')
    .description('the JSON Schema of a Cluster document, for editors')
    .addHelpText('after', examples('civitas schema > cluster.schema.json'))
    .action(async () => (await import('./schema.ts')).schema());
  program
    .command('history')
    .description('what was decided, by whom, and why; the last 500 decisions are kept')
    .option('--node <name>', 'only what was decided about this node')
    .option(...STATE_DIR)
    .addOption(outputOption(['table', 'wide', 'json', 'yaml']))
    .addHelpText(
      'after',
      examples('civitas history', 'civitas history --node n4 -o wide', 'civitas history -o json'),
    )
    .action(async (options) => (await import('./history.ts')).history(options));
  program
    .command('explain')
    .description('what a node is, why it has its role, what it waits for and what would end that')
    .argument('<node>', 'host name or node id')
    .option(...STATE_DIR)
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addHelpText('after', examples('civitas explain n4', 'civitas explain n4 -o json'))
    .action(async (node, options) => (await import('./explain.ts')).explain(node, options));
  program
    .command('why-not')
    .description('why something is not done')
    .addHelpText('after', examples('civitas why-not promote n4'))
    .command('promote')
    .description('why a node is not made a control plane')
    .argument('<node>', 'host name or node id')
    .option(...STATE_DIR)
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addHelpText(
      'after',
      examples('civitas why-not promote n4', 'civitas why-not promote n4 -o json'),
    )
    .action(async (node, options) => (await import('./why-not.ts')).whyNot(node, options));
}

function addPlan(program: Command): void {
  program
    .command('plan')
    .description(
      'how changes go through the cluster: rollouts, their steps, what waits for approval',
    )
    .argument('[name]', 'one rollout, step by step, or what one replacement goes by')
    .option('--what-if', 'the rollout that another spec would lead to; changes nothing')
    .option(
      '-f, --file <file>',
      'with --what-if: a Cluster document (YAML); `-` reads standard input',
    )
    .option('-w, --watch', 'follow the rollout until it is done')
    .option(...STATE_DIR)
    .addOption(outputOption(['table', 'wide', 'json', 'yaml']))
    .addHelpText(
      'after',
      examples(
        'civitas plan',
        'civitas plan upgrade-v1-35-1-57',
        'civitas plan --what-if -f cluster.yaml',
        'civitas plan --watch',
      ),
    )
    .action(async (name, options) => (await import('./plan.ts')).plan(name, options));
}

function addGet(program: Command): void {
  const get = program
    .command('get')
    .description('print what is wanted and planned')
    .addHelpText('after', examples('civitas get spec > cluster.yaml', 'civitas get plans'));
  get
    .command('spec')
    .description('the spec of the cluster, as `civitas apply` takes it back')
    .option('--revision <n>', 'one of before, of `civitas get revisions`')
    .option(...STATE_DIR)
    .addOption(outputOption(['yaml', 'json']))
    .addHelpText(
      'after',
      examples(
        'civitas get spec > cluster.yaml',
        'civitas get spec -o json',
        'civitas get spec --revision 57 | civitas apply -f -',
      ),
    )
    .action(async (options) => (await import('./get-spec.ts')).getSpec(options));
  get
    .command('revisions')
    .description('the specs that were, and what each changed; the last 50 are kept')
    .option(...STATE_DIR)
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addHelpText('after', examples('civitas get revisions'))
    .action(async (options) => (await import('./get-revisions.ts')).getRevisions(options));
  get
    .command('plans')
    .description('what the leader would do if people allowed it')
    .option(...STATE_DIR)
    .addOption(outputOption(['table', 'wide', 'json', 'yaml']))
    .addHelpText('after', examples('civitas get plans', 'civitas get plans -o wide'))
    .action(async (options) => (await import('./get-plans.ts')).getPlans(options));
}
