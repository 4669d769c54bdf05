import { Command, Option } from 'commander';
import { VERSION } from '../version.ts';
import { DEFAULT_STATE_DIR, examples, outputOption } from './command-parts.ts';
import { addBundle } from './program-bundle.ts';
import { addChanges } from './program-changes.ts';
import { addWhy } from './program-why.ts';
import { refuseRepeatedOptions } from './repeated-options.ts';

const SIMULATE_HELP = `
Each of --kill, --power-off, --partition and --upgrade may name its own moment: --kill n1@5m,n2@10m. The first two
may be given more than once.

Formation, log, leader, controllers and their decisions are those of this release; machines, disks, network,
kubeadm, etcd and Kubernetes are simulated, in virtual time. Of a running cluster, names, zones, labels, sizes, roles,
the spec, the replicas of the log and who is dead are copied, read-only; workloads, addresses, certificates and work
under way are not.

Exit codes: 0 ends whole, 1 degraded, frozen or lost, 2 bad input.
${examples(
  'civitas simulate --spec cluster.yaml --nodes 3 --kill n1',
  'civitas simulate --token-file cluster.token --power-off n1@1m,n2@5m --for 30m',
  'civitas simulate --spec cluster.yaml --partition "n1,n2|n3,n4,n5" -o json',
  'civitas simulate --kill cp-2            # the cluster of this machine; nothing of it is touched',
)}`;

/**
 * The command tree. Each action loads its own module, so that `civitas version` does not pay
 * for the log, and nothing but the command asked for is in memory.
 */
export function buildProgram(): Command {
  const program = new Command('civitas')
    .description('Kubernetes on machines that may come and go, with nothing else around.')
    .version(VERSION, '-V, --version', 'print the version')
    // What commander has to say of bad input comes with its error: see run.ts.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addToken(program);
  addJoin(program);
  addPark(program);
  addQuestions(program);
  addWhy(program);
  addChanges(program);
  addBundle(program);
  addVerify(program);
  addSimulate(program);
  addDemo(program);
  refuseRepeatedOptions(program);
  return program;
}

function addToken(program: Command): void {
  const token = program.command('token').description('make and inspect cluster tokens');
  token
    .command('create')
    .description('print a new cluster token; works anywhere, offline')
    .option('--nodes <n>', 'machines expected at the founding', '3')
    .option('--control-planes <n>', '1, 3, 5 or 7', undefined)
    .option('--kubernetes <version>', 'for example v1.34.4')
    .option('--size <n>', 'nodes that serve; the surplus stays spare')
    .option('--pod-subnet <cidr>', 'default 10.244.0.0/16')
    .option('--service-subnet <cidr>', 'default 10.96.0.0/16')
    .option('--spec <file>', 'a Cluster document (YAML); options above win over it')
    .addHelpText(
      'after',
      examples('civitas token create --nodes 5 --kubernetes v1.34.4 > cluster.token'),
    )
    .action(async (options) => (await import('./token-create.ts')).tokenCreate(options));
}

function addJoin(program: Command): void {
  program
    .command('join')
    .description('run the agent: find the others, form or join the cluster, serve until stopped')
    .requiredOption('--token-file <file>', 'the cluster token; `-` reads standard input')
    .option('--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR)
    .option('--peer <host:port...>', 'address of another node, where multicast does not reach')
    .option('--address <ip>', "this node's address (default: the first global one)")
    .option('--hostname <name>', "this node's name (default: the machine's)")
    .option('--port <n>', 'port for peers', '7946')
    .option('--log-port-base <n>', 'first of six ports for replicas of the log', '7950')
    .option('--zone <name>', 'failure domain of this machine', '')
    .option('--label <key=value...>', 'labels of this node')
    .addOption(
      new Option('--log-level <level>', 'how much the agent writes')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
    .addOption(new Option('--simulated-world <socket>').hideHelp())
    .addHelpText(
      'after',
      examples(
        'civitas join --token-file /etc/civitas/token',
        'civitas join --token-file - --zone rack-a',
      ),
    )
    .action(async (options) => (await import('./join.ts')).join(options));
}

/** For the service, which runs it before the kubelet starts. */
function addPark(program: Command): void {
  program
    .command('park', { hidden: true })
    .description('move Kubernetes on this machine aside until the log was heard')
    .option('--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR)
    .action(async (options) => (await import('./park.ts')).park(options));
}

function addQuestions(program: Command): void {
  program
    .command('status')
    .description('what the cluster is, does and waits for; answered by the agent of this machine')
    .option('--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR)
    .addOption(outputOption(['table', 'wide', 'json', 'yaml']))
    .option('-w, --watch', 'print again whenever something changed')
    .addHelpText(
      'after',
      examples('civitas status', 'civitas status -o json', 'civitas status --watch'),
    )
    .action(async (options) => (await import('./status.ts')).status(options));
  program
    .command('kubeconfig')
    .description(
      'print an admin kubeconfig that works on this machine through its own load balancer',
    )
    .option('--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR)
    .addHelpText('after', examples('civitas kubeconfig > ~/.kube/config'))
    .action(async (options) => (await import('./kubeconfig.ts')).kubeconfig(options));
  program
    .command('version')
    .description('versions of civitas, Node and the platform')
    .addOption(outputOption(['table', 'json']))
    .action(async (options) => (await import('./version.ts')).version(options));
}

function addVerify(program: Command): void {
  program
    .command('verify')
    .description('explore every state that a cluster of this size and policy can get into')
    .option('--nodes <n>', 'machines, 1 to 5 (default: those of the token, or of the cluster)')
    .option('--control-planes <n>', '1, 3 or 5', undefined)
    .option('--size <n>', 'nodes that serve; the surplus stays spare')
    .option('--crashes <n>', 'machines that lose their power, at any moment', '1')
    .option('--fault <kind=n...>', 'what else fails at the same time, and how often')
    .option('--limit-states <n>', 'where to stop an exploration', '8000000')
    .option('--token-file <file>', 'take size and policy from this token; `-` reads standard input')
    .option(
      '--state-dir <dir>',
      'state of this node, whose agent is asked otherwise',
      DEFAULT_STATE_DIR,
    )
    .addOption(outputOption(['table', 'json']))
    .addHelpText(
      'after',
      examples(
        'civitas verify --nodes 3 --control-planes 3',
        'civitas verify --nodes 4 --crashes 0 --fault silences=1 kills=1',
        'civitas verify --token-file cluster.token -o json',
        'civitas verify',
      ),
    )
    .action(async (options) => (await import('./verify.ts')).verify(options));
}

function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('what would happen: kills, power cuts and partitions in a simulated cluster')
    .option('--spec <file>', 'a Cluster document (YAML): empty machines n1, n2 … form it')
    .option('--token-file <file>', 'a cluster token: as many empty machines form it as it expects')
    .option(
      '--state-dir <dir>',
      "without those: the cluster of this node's agent",
      DEFAULT_STATE_DIR,
    )
    .option('--nodes <n>', 'machines that form from nothing, 1 to 50 (default with --spec: 5)')
    .option('--control-planes <n>', '1, 3, 5 or 7')
    .option('--kill <nodes...>', 'machines lost for good, with their disks')
    .option('--power-off <nodes...>', 'machines switched off, disks kept')
    .option('--partition <groups>', 'groups of machines that no longer reach each other: n1|n2,n3')
    .option(
      '--upgrade <release>',
      'edit the Kubernetes version in the spec; v1.34.4,v1.35.1 by way of the first',
    )
    .option('--at <duration>', 'when all this happens, from when the cluster is whole', '1m')
    .option('--for <duration>', 'how long to go on after the cluster is whole', '1h')
    .option('--seed <n>', 'the same seed gives the same run', '1')
    .addOption(outputOption(['table', 'wide', 'json', 'yaml']))
    .addHelpText('after', SIMULATE_HELP)
    .action(async (options) => (await import('./simulate.ts')).simulate(options));
}

function addDemo(program: Command): void {
  program
    .command('demo')
    .description('five agents on this machine, with simulated hosts: watch a cluster form')
    .option('--once', 'no terminal: print the timeline and exit 0 when the cluster is whole')
    .option('--nodes <n>', 'agents to start', '5')
    .addHelpText('after', examples('civitas demo', 'civitas demo --once'))
    .action(async (options) => (await import('./demo.ts')).demo(options));
}
