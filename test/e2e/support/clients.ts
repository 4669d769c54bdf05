import { run } from './machines.ts';

const PAUSE_SECONDS = 0.2;
const LONGEST_SECONDS = 5;
const FOLDER = '/root/clients';
/** Certificate and key of the kubelet, renewed in place; every machine has them. */
const KUBELET = '/var/lib/kubelet/pki/kubelet-client-current.pem';

/** Something in a machine that asks one question again and again, on a new connection each time. */
export interface Client {
  readonly name: string;
  readonly machine: string;
}

/** What came of a client's questions. */
export interface Tally {
  readonly client: Client;
  readonly asked: number;
  /** Of each that was not answered with 200 within five seconds. */
  readonly failed: readonly Failure[];
}

interface Failure {
  readonly wallMs: number;
  /** Of HTTP; 000 where there was no answer. */
  readonly status: string;
  /** Of curl: 7 refused, 28 too late, 35 and 56 cut off (curl(1), EXIT CODES). */
  readonly exitCode: number;
}

/**
 * Asks for the machine's own Node with its kubelet's credentials through its own load balancer: an
 * answer comes from etcd, and a server that does not know its rules yet refuses it.
 */
export function startApiClient(machine: string): Promise<Client> {
  const credentials = `--cacert /etc/kubernetes/pki/ca.crt --cert ${KUBELET}`;
  const url = `https://127.0.0.1:7443/api/v1/nodes/${machine}`;
  return start({ name: 'api', machine }, `${credentials} ${url}`);
}

/** Asks the service of `deployGuardedWeb` on a node's own address. */
export function startWebClient(machine: string, url: string): Promise<Client> {
  return start({ name: 'web', machine }, url);
}

/** Ends a client whose machine was not switched off meanwhile, and counts. */
export async function stop(client: Client): Promise<Tally> {
  const { name, machine } = client;
  await run(machine, ['systemctl', 'stop', unitOf(name)]);
  const lines = (await run(machine, ['cat', logOf(name)])).split('\n');
  const answers = lines.flatMap(answerOf);
  const failed = answers.filter(({ status, exitCode }) => status !== '200' || exitCode !== 0);
  return { client, asked: answers.length, failed };
}

async function start(client: Client, curlArguments: string): Promise<Client> {
  const { name, machine } = client;
  const curl = `curl --silent --output /dev/null --max-time ${LONGEST_SECONDS} --write-out '%{http_code} %{exitcode}' ${curlArguments}`;
  const loop = `while :; do echo "$(date +%s%3N) $(${curl})"; sleep ${PAUSE_SECONDS}; done\n`;
  const script = `${FOLDER}/${name}.sh`;
  await run(machine, ['sh', '-c', `mkdir -p ${FOLDER}; cat >${script}`], loop);
  const unit = ['systemd-run', '--quiet', '--collect', `--unit=${unitOf(name)}`];
  const output = `--property=StandardOutput=truncate:${logOf(name)}`;
  await run(machine, [...unit, output, 'sh', script]);
  return client;
}

/** Nothing of a line that was cut off as the client ended. */
function answerOf(line: string): readonly Failure[] {
  const [, wallMs, status = '', exitCode] = /^(\d{13}) (\d{3}) (\d+)$/.exec(line) ?? [];
  return wallMs === undefined
    ? []
    : [{ wallMs: Number(wallMs), status, exitCode: Number(exitCode) }];
}

function unitOf(name: string): string {
  return `client-${name}`;
}

function logOf(name: string): string {
  return `${FOLDER}/${name}.log`;
}
