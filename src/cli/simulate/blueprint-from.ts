import { createHash } from 'node:crypto';
import { TerminalError } from '../../errors.ts';
import { badOption } from '../../simulation/scenario/bad-option.ts';
import { type Blueprint, emptyMachines } from '../../simulation/scenario/blueprint.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../state/cluster-spec.ts';
import { specProblems } from '../../state/spec-problems.ts';
import { decodeToken } from '../../state/token.ts';
import { readToken } from '../join-options.ts';
import { readSpecFile } from '../spec-file.ts';
import { copyOfLiveCluster } from './live-cluster.ts';

/** Where the simulated cluster comes from, as it was typed. */
export interface SimulatedFrom {
  readonly spec?: string;
  readonly tokenFile?: string;
  readonly stateDir: string;
  readonly nodes?: string;
  readonly controlPlanes?: string;
}

const DEFAULT_NODES = '5';
const MOST_NODES = 50;

/** Reads the file or asks the agent. TerminalError `cli.*`, `spec.*`, `token.*` or `agent.*`. */
export async function blueprintFrom(from: SimulatedFrom): Promise<Blueprint> {
  const { spec, tokenFile, stateDir } = from;
  if (spec !== undefined && tokenFile !== undefined) {
    throw badOption('--spec and --token-file both say what to simulate: leave one of them out.');
  }
  if (spec !== undefined) return ofSpec(spec, from);
  if (tokenFile !== undefined) return ofToken(tokenFile, from);
  refuseSizes(from);
  const copied = await copyOfLiveCluster(stateDir);
  if (copied.machines.length <= MOST_NODES) return copied;
  throw badOption(
    `The cluster has ${copied.machines.length} machines and at most ${MOST_NODES} are simulated: name --spec and --nodes.`,
  );
}

async function ofSpec(file: string, from: SimulatedFrom): Promise<Blueprint> {
  const nodes = wholeNumber('--nodes', from.nodes ?? DEFAULT_NODES);
  const document = await readSpecFile(file);
  if (document['kubernetesVersion'] === undefined) {
    throw new TerminalError(
      'spec.no-version',
      `The Kubernetes version is missing: say kubernetesVersion in ${file}.`,
    );
  }
  const controlPlanes = document['controlPlanes'] ?? (nodes < 3 ? 1 : 3);
  const spec = checkedSpec({ ...document, controlPlanes }, nodes, from);
  return emptyMachines(spec, { nodes, expectedNodes: nodes });
}

async function ofToken(file: string, from: SimulatedFrom): Promise<Blueprint> {
  const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
  const { spec, expectedNodes } = decodeToken(await readToken(file), sha256);
  const nodes = wholeNumber('--nodes', from.nodes ?? String(expectedNodes));
  return emptyMachines(checkedSpec(spec, expectedNodes, from), { nodes, expectedNodes });
}

function checkedSpec(
  document: Readonly<Record<string, unknown>>,
  expectedNodes: number,
  { controlPlanes }: SimulatedFrom,
): ClusterSpec {
  const wanted =
    controlPlanes === undefined
      ? document
      : { ...document, controlPlanes: wholeNumber('--control-planes', controlPlanes) };
  const problems = specProblems(wanted, { expectedNodes, hostNetworks: [] });
  if (problems.length === 0) return clusterSpecSchema.parse(wanted);
  const list = problems.map(({ message }) => message).join(' ');
  throw new TerminalError('spec.refused', `The spec is refused: ${list}`);
}

function refuseSizes({ nodes, controlPlanes }: SimulatedFrom): void {
  const option = nodes === undefined ? '--control-planes' : '--nodes';
  if (nodes === undefined && controlPlanes === undefined) return;
  throw badOption(
    `${option} is for machines that form from nothing: add --spec or --token-file, or leave it out.`,
  );
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (/^[1-9]\d?$/.test(text) && number <= MOST_NODES) return number;
  throw badOption(`${option} ${text} is wrong: say a whole number from 1 to ${MOST_NODES}.`);
}
