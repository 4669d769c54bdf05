import { createHash, randomBytes } from 'node:crypto';
import { TerminalError } from '../errors.ts';
import { clusterSpecSchema } from '../state/cluster-spec.ts';
import { specProblems } from '../state/spec-problems.ts';
import { encodeToken, type Token } from '../state/token.ts';
import { readSpecFile } from './spec-file.ts';

export interface TokenOptions {
  readonly nodes: string;
  readonly controlPlanes?: string;
  readonly kubernetes?: string;
  readonly size?: string;
  readonly podSubnet?: string;
  readonly serviceSubnet?: string;
  readonly spec?: string;
}

const JOIN_KEY_BYTES = 32;
/** As many as a token can expect. */
const MOST_NODES = 1_000;

/** Prints one line to standard output: the token. Whoever has it may join, so keep it as a secret. */
export async function tokenCreate(options: TokenOptions): Promise<void> {
  process.stdout.write(`${await newToken(options)}\n`);
}

/**
 * Makes a token with a new key; `document` counts where no file is named. TerminalError `spec.refused`
 * names every field that is wrong.
 */
export async function newToken(
  options: TokenOptions,
  document: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const expectedNodes = wholeNumber('--nodes', options.nodes);
  const given = options.spec === undefined ? document : await readSpecFile(options.spec);
  const wanted = withOptions(given, options, expectedNodes);
  const problems = specProblems(wanted, { expectedNodes, hostNetworks: [] });
  if (problems.length > 0) {
    const list = problems.map(({ message }) => message).join(' ');
    throw new TerminalError('spec.refused', `The spec is refused: ${list}`);
  }
  const token: Token = {
    version: 1,
    joinKey: randomBytes(JOIN_KEY_BYTES),
    expectedNodes,
    spec: clusterSpecSchema.parse(wanted),
  };
  return encodeToken(token, (data) => createHash('sha256').update(data).digest());
}

/** Options win over the document; what neither says is the default of the spec. */
function withOptions(
  document: Readonly<Record<string, unknown>>,
  options: TokenOptions,
  expectedNodes: number,
): Record<string, unknown> {
  const wanted = { ...document };
  const planes = options.controlPlanes;
  if (planes !== undefined) wanted['controlPlanes'] = wholeNumber('--control-planes', planes);
  // Three are the default, but two machines can not hold three.
  else wanted['controlPlanes'] ??= expectedNodes < 3 ? 1 : 3;
  if (options.kubernetes !== undefined) wanted['kubernetesVersion'] = withV(options.kubernetes);
  if (wanted['kubernetesVersion'] === undefined) {
    throw new TerminalError(
      'spec.no-version',
      'The Kubernetes version is missing: say --kubernetes v1.34.4, or kubernetesVersion in --spec.',
    );
  }
  if (options.size !== undefined) wanted['size'] = wholeNumber('--size', options.size);
  return { ...wanted, network: networkOf(wanted['network'], options) };
}

/** Something that is no object is left as it is, to be refused by name. */
function networkOf(network: unknown, { podSubnet, serviceSubnet }: TokenOptions): unknown {
  if (network !== undefined && typeof network !== 'object') return network;
  return {
    ...network,
    ...(podSubnet === undefined ? {} : { podSubnet }),
    ...(serviceSubnet === undefined ? {} : { serviceSubnet }),
  };
}

function withV(version: string): string {
  return version.startsWith('v') ? version : `v${version}`;
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (/^[1-9]\d{0,3}$/.test(text) && number <= MOST_NODES) return number;
  throw new TerminalError(
    'cli.bad-number',
    `${option} ${text} is wrong: say a whole number from 1 to ${MOST_NODES}.`,
  );
}
