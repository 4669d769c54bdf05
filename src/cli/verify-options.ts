import { TerminalError } from '../errors.ts';
import type { VerificationQuestion } from '../simulation/exploration/verifications.ts';
import { clusterSpecSchema } from '../state/cluster-spec.ts';
import { specProblems } from '../state/spec-problems.ts';
import { namedOnce } from './named-once.ts';
import { numberBetween } from './number-between.ts';
import { MOST_NODES, type ScopeOptions, type Wanted, wantedOf } from './verify-scope.ts';

/** `civitas verify` as it was typed. */
export interface VerifyOptions extends ScopeOptions {
  readonly crashes: string;
  readonly fault?: readonly string[];
  readonly limitStates: string;
  readonly output: 'table' | 'json';
}

interface Parsed {
  readonly question: VerificationQuestion;
  readonly mostStates: number;
  /** What people should know of the scope. */
  readonly note: string | undefined;
}

const MOST_FAULTS = 9;
const MOST_STATES = 15_000_000;
/** Roles do not depend on it. */
const ANY_VERSION = 'v1.34.4';
const FAULTS = [
  'wipes',
  'kills',
  'failures',
  'depositions',
  'logLosses',
  'staleCopies',
  'silences',
];

/** TerminalError `cli.*`, `spec.refused` or `token.*` for what makes no sense. */
export async function parseVerifyOptions(options: VerifyOptions): Promise<Parsed> {
  const crashes = numberBetween('--crashes', options.crashes, 0, MOST_FAULTS);
  const faults = namedOnce('--fault', (options.fault ?? []).map(parseFault));
  const mostStates = numberBetween('--limit-states', options.limitStates, 1, MOST_STATES);
  const asked = await wantedOf(options);
  const { controlPlanes } = checked(asked);
  const { nodes, size } = cut(asked);
  const few = Math.min(controlPlanes, MOST_NODES) as VerificationQuestion['controlPlanes'];
  return {
    question: { nodes, controlPlanes: few, size, crashes, faults },
    mostStates,
    note:
      asked.nodes > nodes
        ? `${nodes} nodes stand for the ${asked.nodes} of this cluster: more can not be explored to the end.`
        : undefined,
  };
}

/** The same questions that a spec is asked before it goes into a token. */
function checked({ nodes, controlPlanes, size }: Wanted) {
  const spec = {
    kubernetesVersion: ANY_VERSION,
    controlPlanes,
    ...(size !== undefined && { size }),
  };
  const problems = specProblems(spec, { expectedNodes: nodes, hostNetworks: [] });
  if (problems.length === 0) return clusterSpecSchema.parse(spec);
  const list = problems.map(({ message }) => message).join(' ');
  throw new TerminalError('spec.refused', `The spec is refused: ${list}`);
}

function cut({ nodes, size }: Wanted): Pick<Wanted, 'nodes' | 'size'> {
  if (nodes <= MOST_NODES) return { nodes, size };
  return { nodes: MOST_NODES, size: size !== undefined && size < MOST_NODES ? size : undefined };
}

function parseFault(text: string): [string, number] {
  const [name = '', count = '', ...more] = text.split('=');
  if (FAULTS.includes(name) && more.length === 0) {
    return [name, numberBetween(`--fault ${name}`, count, 0, MOST_FAULTS)];
  }
  throw new TerminalError(
    'cli.bad-fault',
    `--fault ${text} is wrong: say one of ${FAULTS.join(', ')} and how often, such as kills=1.`,
  );
}
