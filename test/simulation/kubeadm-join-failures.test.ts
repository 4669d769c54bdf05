import { describe, expect, test } from '@jest/globals';
import {
  balance,
  handOver,
  init,
  mintToken,
  type Role,
  run,
} from '../contracts/cluster-by-hand.ts';
import { complaints } from '../contracts/host-facts.ts';
import { DISCOVERY, discoveryFile, SHARED_FILES } from '../contracts/kubeadm-files.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

interface Row {
  readonly when: string;
  readonly role?: Role;
  /** Whether the joining host runs a load balancer. */
  readonly balanced?: boolean;
  /** After the hand-over, before the join. */
  readonly arrange: (bench: SimulatedBench) => Promise<void>;
  readonly complaints: readonly string[];
}

const PREFLIGHT = 'error: error execution phase preflight:';
const UNREAD = `${PREFLIGHT} couldn't validate the identity of the API Server: Abort reading the cluster-info ConfigMap after timeout of 30s: Get "https://127.0.0.1:7443/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s":`;

describe('simulated kubeadm join', () => {
  test.each<Row>([
    {
      when: 'the load balancer does not run',
      balanced: false,
      arrange: async () => {},
      complaints: [`${UNREAD} dial tcp 127.0.0.1:7443: connect: connection refused`],
    },
    {
      when: 'no server of the load balancer is up',
      arrange: async ({ world }) => world.cut('n1', 'n2'),
      complaints: [`${UNREAD} EOF`],
    },
    {
      when: 'the discovery file names another authority',
      arrange: ({ host }) => host(1).ports.files.write(DISCOVERY, discoveryFile('another'), 0o644),
      complaints: [
        `${UNREAD} tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      ],
    },
    {
      when: 'there is no discovery file',
      arrange: ({ host }) => host(1).ports.files.remove(DISCOVERY),
      complaints: [
        `${PREFLIGHT} couldn't validate the identity of the API Server: open ${DISCOVERY}: no such file or directory`,
      ],
    },
    {
      when: 'the token expired',
      arrange: (bench) => mintToken(bench, bench.host(0), 100),
      complaints: [
        `${PREFLIGHT} unable to fetch the kubeadm-config ConfigMap: failed to get config map: Unauthorized`,
      ],
    },
    {
      when: 'the token is not known',
      arrange: ({ host }) => host(0).ports.kube.deleteBootstrapToken('abcdef'),
      complaints: [
        `${PREFLIGHT} unable to fetch the kubeadm-config ConfigMap: failed to get config map: Unauthorized`,
      ],
    },
    {
      when: 'a key that control planes share is missing',
      role: 'control-plane',
      arrange: ({ host }) => host(1).ports.files.remove(SHARED_FILES[2]),
      complaints: [`${PREFLIGHT}`],
    },
    {
      when: 'nobody approves the certificate of the kubelet',
      arrange: async ({ host }) => {
        await host(0).ports.files.remove('/etc/kubernetes/manifests/kube-controller-manager.yaml');
      },
      complaints: [
        'error: error execution phase kubelet-wait-bootstrap: failed while waiting for TLS bootstrap: context deadline exceeded',
      ],
    },
  ])(
    'complains when $when',
    async ({ role = 'worker', balanced = true, arrange, complaints: expected }) => {
      const bench = simulatedBench({ hosts: 2 });
      const [first, second] = [bench.host(0), bench.host(1)];
      await balance(balanced ? bench.hosts : [first], [first]);
      await bench.drive(init(bench, first));
      await bench.drive(handOver(bench, second, { role, sponsor: first }));
      await arrange(bench);
      await bench.clock.advance(5_000);
      expect(complaints(await bench.drive(run(bench, second, 'join')))).toEqual(expected);
    },
  );
});
