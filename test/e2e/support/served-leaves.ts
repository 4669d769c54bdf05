import { sh } from '../../../lab/machine.ts';

const PKI = '/etc/kubernetes/pki';
/** Where etcd listens for its peers, which is not at 127.0.0.1. */
const PEER_URL = `$(sed -n 's|.*--listen-peer-urls=https://||p' /etc/kubernetes/manifests/etcd.yaml)`;
/** Each server of a control plane whose leaf kubeadm makes: where it listens, in words of a shell, and its authority. */
const SERVERS = [
  { server: 'apiserver', at: '127.0.0.1:6443', authority: `${PKI}/ca.crt` },
  { server: 'etcd-server', at: '127.0.0.1:2379', authority: `${PKI}/etcd/ca.crt` },
  { server: 'etcd-peer', at: PEER_URL, authority: `${PKI}/etcd/ca.crt` },
];
const PEERS = '127.0.0.1:7946';
const DAY_MS = 86_400_000;

/**
 * For how many days yet each of these servers shows a leaf that its authority signed, by a TLS handshake
 * and the clock of that machine: `n1/apiserver` and so on; 0 where it shows none, or one that is over.
 */
export async function daysServed(
  planes: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const asked = planes.flatMap((machine) => SERVERS.map((each) => ({ machine, ...each })));
  const days = await Promise.all(
    asked.map(async ({ machine, server, at, authority }) => {
      const verified = `-CAfile ${authority} -verify_return_error`;
      return [`${machine}/${server}`, daysUntil(await shownEnd(machine, at, verified))];
    }),
  );
  return Object.fromEntries(days);
}

/** When the leaf ends that the agent of a machine shows its peers; undefined where it shows none. */
export function shownToPeersUntil(machine: string): Promise<Date | undefined> {
  return shownEnd(machine, PEERS);
}

function daysUntil(end: Date | undefined): number {
  return end ? Math.round((end.getTime() - Date.now()) / DAY_MS) : 0;
}

async function shownEnd(machine: string, at: string, options = ''): Promise<Date | undefined> {
  const show = `openssl s_client -connect ${at} ${options} </dev/null 2>/dev/null`;
  const { exitCode, stdout } = await sh(machine, [
    'sh',
    '-c',
    `${show} | openssl x509 -noout -enddate`,
  ]);
  return exitCode === 0 ? new Date(stdout.trim().replace('notAfter=', '')) : undefined;
}
