import type { Exploration } from '../simulation/exploration/explore.ts';
import type {
  Verification,
  VerificationQuestion,
} from '../simulation/exploration/verifications.ts';

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
  const nodesText = nodes === 1 ? '1 node' : `${nodes} nodes`;
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
    verified: explored.every(({ exploration }) => isVerified(exploration)),
    explorations: explored.map(({ verification, exploration, tookMs }) => ({
      name: verification.name,
      nodes: verification.nodes,
      faults: verification.faults,
      invariants: verification.invariants,
      ...exploration,
      tookMs: Math.round(tookMs),
    })),
  };
}

function isVerified({ finished, counterexample }: Exploration): boolean {
  return finished && counterexample === null;
}

function verdictOf({ finished, counterexample }: Exploration): string {
  if (counterexample) return `breaks ${counterexample.invariant}: ${counterexample.sentence}`;
  return finished ? 'verified' : 'nothing wrong up to the limit';
}

function faultText([name, count]: [string, number]): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words} ${count}`;
}
