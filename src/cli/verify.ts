import { TerminalError } from '../errors.ts';
import type { Exploration, Progress } from '../simulation/exploration/explore.ts';
import { type Verification, verifications } from '../simulation/exploration/verifications.ts';
import {
  type Explored,
  isCutShort,
  renderExplored,
  renderVerified,
  verifyReport,
} from './render-verify.ts';
import { parseVerifyOptions, type VerifyOptions } from './verify-options.ts';

/**
 * Explores every state that a cluster of this size and policy can get into. TerminalError
 * `verify.counterexample` when an invariant breaks, the steps that lead there printed before;
 * `verify.not-finished` when the limit came first.
 */
export async function verify(options: VerifyOptions): Promise<void> {
  const { question, mostStates, note } = await parseVerifyOptions(options);
  if (options.output === 'table' && note) process.stdout.write(`${note}\n\n`);
  const explored: Explored[] = [];
  for (const verification of verifications(question)) {
    const one = run(verification, mostStates);
    explored.push(one);
    if (options.output === 'table') process.stdout.write(renderExplored(one));
    if (one.exploration.counterexample) break;
  }
  if (options.output === 'json') {
    process.stdout.write(`${JSON.stringify(verifyReport(question, explored), null, 2)}\n`);
  }
  refuseUnlessVerified(explored);
  if (options.output === 'table') process.stdout.write(renderVerified(explored));
}

function run(verification: Verification, mostStates: number): Explored {
  const startMs = performance.now();
  const told = progressLine(verification.name);
  const exploration = verification.run({ states: mostStates }, told.tell);
  told.end();
  return { verification, exploration, tookMs: performance.now() - startMs };
}

/** On a terminal only, and on one line. */
function progressLine(name: string) {
  const { stderr } = process;
  if (!stderr.isTTY) return { tell: () => {}, end: () => {} };
  return {
    tell: ({ states, depth }: Progress) =>
      stderr.write(`\r\u001B[K${name}: ${states} states, depth ${depth} …`),
    end: () => stderr.write('\r\u001B[K'),
  };
}

function refuseUnlessVerified(explored: readonly Explored[]): void {
  const broken = explored.find(({ exploration }) => exploration.counterexample !== null);
  if (broken) throw counterexample(broken.exploration);
  const cut = explored.find(isCutShort);
  if (!cut) return;
  throw new TerminalError(
    'verify.not-finished',
    `Nothing wrong was found, but "${cut.verification.name}" has more states than the limit: raise --limit-states, or ask for fewer faults.`,
  );
}

function counterexample({ counterexample: found }: Exploration): TerminalError {
  return new TerminalError(
    'verify.counterexample',
    `The exploration found a way to break ${found?.invariant} (${found?.sentence}): report it with the steps that were printed.`,
  );
}
