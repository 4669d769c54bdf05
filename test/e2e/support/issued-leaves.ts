import { run } from './machines.ts';

const OF_ETCD = ['apiserver-etcd-client', 'etcd/server', 'etcd/peer', 'etcd/healthcheck-client'];

/** When a leaf begins and ends, in words of date(1). */
interface Life {
  readonly from: string;
  readonly until: string;
}

const KUBELET_PKI = '/var/lib/kubelet/pki';
const KUBELET_CLIENT = `${KUBELET_PKI}/kubelet-client-current.pem`;
const KUBELET_SERVING = `${KUBELET_PKI}/kubelet`;

/** Every leaf that kubeadm made for a control plane, issued anew for that life by the same authority and for the same key. */
export async function issueLeaves(machine: string, life: Life): Promise<void> {
  const leaves = [
    ...['apiserver', 'apiserver-kubelet-client'].map((name) => leafOf(name, 'ca')),
    ...OF_ETCD.map((name) => leafOf(name, 'etcd/ca')),
    leafOf('front-proxy-client', 'front-proxy-ca'),
  ];
  const configurations = `for conf in /etc/kubernetes/*.conf; do
      [ "$conf" = /etc/kubernetes/kubelet.conf ] || inside "$conf"
    done`;
  await run(machine, ['sh', '-ec', [functions(life), ...leaves, configurations].join('\n')]);
}

/** The client certificate of the kubelet of any machine, signed on a control plane. */
export async function issueKubeletLeaf(plane: string, machine: string, life: Life): Promise<void> {
  const pair = await run(machine, ['cat', KUBELET_CLIENT]);
  const issued = await signed(plane, pair, life);
  await run(machine, ['sh', '-ec', `cat >"$(readlink -f ${KUBELET_CLIENT})"`], issued);
}

/** What the kubelet of any machine shows, which it signed itself before; it goes on to show that until it starts again. */
export async function issueServingLeaf(plane: string, machine: string, life: Life): Promise<void> {
  const pair = await run(machine, ['cat', `${KUBELET_SERVING}.crt`, `${KUBELET_SERVING}.key`]);
  const issued = await signed(plane, pair, life);
  await run(machine, ['sh', '-ec', `openssl x509 -out ${KUBELET_SERVING}.crt`], issued);
}

/** The pair of certificate and key anew, signed by the authority of the cluster. */
function signed(plane: string, pair: string, life: Life): Promise<string> {
  const script = `${functions(life)}
    umask 077
    cat >/tmp/kubelet.pem
    openssl pkey -in /tmp/kubelet.pem -out /tmp/kubelet.key
    leaf /tmp/kubelet.pem /tmp/kubelet.key $pki/ca
    cat /tmp/kubelet.pem /tmp/kubelet.key`;
  return run(plane, ['sh', '-ec', script], pair);
}

function leafOf(name: string, authority: string): string {
  return `leaf $pki/${name}.crt $pki/${name}.key $pki/${authority}`;
}

/** `leaf FILE KEY AUTHORITY`: a certificate in a file; `inside KUBECONFIG`: the one within it. */
function functions({ from, until }: Life): string {
  return `pki=/etc/kubernetes/pki
    from=$(date -u -d '${from}' +%Y%m%d%H%M%SZ); until=$(date -u -d '${until}' +%Y%m%d%H%M%SZ)
    leaf() {
      openssl x509 -in "$1" -signkey "$2" -x509toreq -copy_extensions copy -out /tmp/leaf.csr
      openssl x509 -req -in /tmp/leaf.csr -CA "$3.crt" -CAkey "$3.key" -copy_extensions copy \\
        -not_before "$from" -not_after "$until" -out /tmp/leaf.new
      cat /tmp/leaf.new >"$1"
    }
    inside() {
      umask 077
      sed -n 's/ *client-certificate-data: //p' "$1" | base64 -d >/tmp/conf.crt
      sed -n 's/ *client-key-data: //p' "$1" | base64 -d >/tmp/conf.key
      leaf /tmp/conf.crt /tmp/conf.key $pki/ca
      sed -i "s|client-certificate-data: .*|client-certificate-data: $(base64 -w0 /tmp/conf.crt)|" "$1"
    }`;
}
