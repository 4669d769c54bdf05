import type { Exploration } from '../simulation/exploration/explore.ts';
import type {
  Verification,
  VerificationQuestion,
} from '../simulation/exploration/verifications.ts';
import { countText } from '../state/count-text.ts';

/** One exploration and what came of it. */
export interface Explored {
  readonly verification: Verification;
  readonly exploration: Exploration;
  readonly tookMs: number;
}

/** A paragraph for people, the steps of a counterexample included. */
export function renderExplored({ verification, exploration, tookMs }: Explored): string {
  const { name, nodes, faults, invariants } = verification;
  const { states, transitions, depth, counterexample } = exploration;
  const nodesText = countText(nodes, 'node');
  const lines = [
    `${name} (${[nodesText, ...Object.entries(faults).map(faultText)].join(', ')})`,
    `  states       ${states}`,
    `  transitions  ${transitions}`,
    `  depth        ${depth}`,
    `  invariants   ${invariants.map(({ id }) => id).join(' ')}`,
    `  time         ${(tookMs / 1_000).toFixed(1)} s`,
    `  verdict      ${verdictOf(exploration)}`,
    ...(counterexample?.steps.map((step, index) => `  ${String(index + 1).padStart(3)}. ${step}`) ??
      []),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** The same for programs. */
export function verifyReport(question: VerificationQuestion, explored: readonly Explored[]) {
  return {
    apiVersion: 'civitas.dev/v1alpha1',
    kind: 'Verification',
    nodes: question.nodes,
    controlPlanes: question.controlPlanes,
    size: question.size ?? null,
    verified: explored.every(isVerified),
    explorations: explored.map(({ verification, exploration, tookMs }) => ({
      name: verification.name,
      nodes: verification.nodes,
      faults: verification.faults,
      invariants: verification.invariants,
      ...(verification.sampleStates && { sampleStates: verification.sampleStates }),
      ...exploration,
      tookMs: Math.round(tookMs),
    })),
  };
}

/** What was to be explored to its end was, and nothing wrong was found anywhere. */
function isVerified({ verification, exploration }: Explored): boolean {
  return exploration.counterexample === null && !isCutShort({ verification, exploration });
}

/** The limit came first; a sample is none of this as long as it is whole. */
export function isCutShort({ verification, exploration }: Omit<Explored, 'tookMs'>): boolean {
  const { finished, states } = exploration;
  return !finished && states < (verification.sampleStates ?? Number.POSITIVE_INFINITY);
}

/** The last line, when nothing wrong was found: of what only a part was seen. */
export function renderVerified(explored: readonly Explored[]): string {
  const samples = explored.filter(({ exploration }) => !exploration.finished);
  const parts = samples.map(({ verification, exploration }) => {
    return `of "${verification.name}" the nearest ${exploration.states} states`;
  });
  const rest = parts.length === 0 ? '' : `, but ${parts.join(', ')} only: it has too many more`;
  return `Verified${rest}.\n`;
}

function verdictOf({ finished, counterexample }: Exploration): string {
  if (counterexample) return `breaks ${counterexample.invariant}: ${counterexample.sentence}`;
  return finished ? 'verified' : 'nothing wrong up to the limit';
}

function faultText([name, count]: [string, number]): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words} ${count}`;
}
