import { prepare, until } from './cluster-by-hand.ts';
import { factsOf, outcome } from './host-facts.ts';
import { at, type HostScenario, NOTHING } from './host-scenario.ts';

/** Files, operations, routes and load balancer of one machine. */
export const MACHINE_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'files are as they were last written, and absent ones are no error',
    hosts: 1,
    observe: async (bench) => {
      const { files } = at(bench, 0).ports;
      const absent = [await files.read('/etc/contract/a'), await files.list('/etc/contract')];
      await files.write('/etc/contract/b/c', 'one', 0o600);
      await files.write('/etc/contract/b/c', 'two', 0o600);
      await files.write('/etc/contract/a', '', 0o644);
      await files.makeFolder('/etc/contract/d', 0o755);
      const written = [await files.read('/etc/contract/b/c'), await files.list('/etc/contract')];
      await files.remove('/etc/contract/a');
      await files.remove('/etc/contract/a');
      await files.sync(['/etc/contract', '/etc/contract/b/c', '/etc/contract/none']);
      return { absent, written, left: await files.list('/etc/contract') };
    },
    expected: { absent: [undefined, []], written: ['two', ['a', 'b', 'd']], left: ['b', 'd'] },
  },
  {
    title: 'an empty machine shows nothing of Kubernetes',
    hosts: 1,
    observe: (bench) => factsOf(bench, at(bench, 0)),
    expected: NOTHING,
  },

  {
    title: 'an operation runs under its name until it is forgotten',
    hosts: 1,
    observe: async (bench) => {
      const { operations } = at(bench, 0).ports;
      await prepare(bench, at(bench, 0));
      await operations.start('nothing', ['kubeadm', 'nonsense'], 60);
      await operations.start('nothing', ['kubeadm', 'other'], 60);
      const end = await until(bench, async () => {
        const state = await operations.observe('nothing');
        return state.phase === 'failed'
          ? { ...state, output: /nonsense/.test(state.output) }
          : undefined;
      });
      await operations.forget('nothing');
      await operations.forget('nothing');
      return [
        end,
        await operations.observe('nothing'),
        await outcome(() => operations.start('Bad name', ['true'], 1)),
      ];
    },
    expected: [
      { phase: 'failed', exitCode: 1, output: true },
      { phase: 'absent' },
      'operation.bad-name',
    ],
  },

  {
    title: 'an operation that was announced is told from one that may have been started',
    hosts: 1,
    observe: async (bench) => {
      const { operations } = at(bench, 0).ports;
      await prepare(bench, at(bench, 0));
      const seen = [await operations.observe('nothing')];
      await operations.announce('nothing');
      seen.push(await operations.observe('nothing'));
      await operations.start('nothing', ['kubeadm', 'nonsense'], 60);
      await operations.forget('nothing');
      seen.push(await operations.observe('nothing'));
      await operations.announce('nothing');
      await operations.forget('nothing');
      return [...seen, await operations.observe('nothing')];
    },
    expected: ['absent', 'announced', 'absent', 'absent'].map((phase) => ({ phase })),
  },

  {
    title: 'an operation whose program is not there does not start, and leaves nothing',
    hosts: 1,
    observe: async (bench) => {
      const { operations } = at(bench, 0).ports;
      const none = bench.room.program('kubeadm', 'v1.2.3');
      return [
        await outcome(() => operations.start('nothing', ['no-such-program'], 60)),
        await outcome(() => operations.start('nothing', [none, 'version'], 60)),
        await operations.observe('nothing'),
      ];
    },
    expected: ['operation.not-started', 'operation.not-started', { phase: 'absent' }],
  },

  {
    title: 'routes and masquerading are as they were last set',
    hosts: 1,
    observe: async (bench) => {
      const { podNetwork } = at(bench, 0).ports;
      await podNetwork.addRoute({ podCidr: '10.244.1.0/24', via: '10.88.0.2' });
      await podNetwork.addRoute({ podCidr: '10.244.2.0/24', via: '10.88.0.3' });
      await podNetwork.removeRoute({ podCidr: '10.244.1.0/24', via: '10.88.0.2' });
      await podNetwork.masquerade('10.244.0.0/16');
      await podNetwork.installCni('10.244.0.0/24');
      return podNetwork.observe();
    },
    expected: {
      routes: [{ podCidr: '10.244.2.0/24', via: '10.88.0.3' }],
      cniPodCidr: '10.244.0.0/24',
      masqueradeFor: '10.244.0.0/16',
      linkNetworks: ['10.88.0.0/24'],
    },
  },

  {
    title: 'a load balancer serves what it was given last, and its file what it starts from',
    hosts: 1,
    observe: async (bench) => {
      const { balancer } = at(bench, 0).ports;
      const n1 = { name: 'n1', address: '10.88.0.1', port: 6443, preferred: true };
      const n2 = { name: 'n2', address: '10.88.0.2', port: 6443, preferred: false };
      const before = (await balancer.observe()).running;
      await balancer.install([n1]);
      await balancer.addServer(n2);
      await balancer.removeServer('n1');
      await balancer.writeFile([n1, n2]);
      return { before, after: await balancer.observe() };
    },
    expected: {
      before: false,
      after: {
        running: true,
        servers: [{ name: 'n2', address: '10.88.0.2', port: 6443, preferred: false, up: false }],
        fileServers: [
          { name: 'n1', address: '10.88.0.1', port: 6443, preferred: true },
          { name: 'n2', address: '10.88.0.2', port: 6443, preferred: false },
        ],
      },
    },
  },
];
