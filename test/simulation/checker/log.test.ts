import { assigns, at, calls, commits, idOf, LOG, quorum, spec, starts, world } from './entries.ts';
import { tellApart } from './tell-apart.ts';

const NEXT_LOG = LOG.replace(/1$/, '2');
const first = spec();
const second = spec({ controlPlanes: 1 });
const edit = (second: number, host: string, value: unknown, ifRevision: number) =>
  calls(second, host, 'log.write', 'spec.current', JSON.stringify(value), ifRevision);
const acknowledged = (second: number, host: string, revision: number) =>
  at(second, host, { type: 'log.acknowledged', log: LOG, kind: 'spec', key: 'current', revision });
const edited = [
  edit(1, 'n1', first, 0),
  commits(2, 'spec', 'current', first, { revision: 5 }),
  acknowledged(3, 'n1', 5),
];

tellApart('S8', {
  broken: [
    {
      when: 'an edit takes the place of one that it never saw',
      entries: [
        ...edited,
        edit(4, 'n2', second, 3),
        commits(5, 'spec', 'current', second, { revision: 6 }),
      ],
    },
    {
      when: 'the spec holds what nobody asked for',
      entries: [
        ...edited,
        edit(4, 'n2', second, 5),
        commits(5, 'spec', 'current', spec({ size: 3 }), { revision: 6 }),
      ],
    },
    {
      when: 'an edit was acknowledged that the log never held',
      entries: [edit(1, 'n1', first, 0), acknowledged(2, 'n1', 5)],
    },
    {
      when: 'the spec is removed',
      entries: [...edited, commits(4, 'spec', 'current', null, { revision: 6 })],
    },
    {
      when: 'the next epoch begins without the acknowledged edit',
      entries: [
        ...edited,
        edit(4, 'n2', second, 0),
        commits(5, 'spec', 'current', second, { revision: 1, log: NEXT_LOG }),
      ],
    },
  ],
  sound: [
    {
      when: 'edits follow each other',
      entries: [
        ...edited,
        edit(4, 'n2', second, 5),
        commits(5, 'spec', 'current', second, { revision: 6 }),
      ],
    },
    {
      when: 'an edit that nobody was told of is lost with its log',
      entries: [
        ...edited,
        edit(4, 'n2', second, 5),
        commits(5, 'spec', 'current', second, { revision: 6 }),
        edit(6, 'n1', first, 0),
        commits(7, 'spec', 'current', first, { revision: 1, log: NEXT_LOG }),
      ],
    },
  ],
});

const delivered = (second: number, host: string, revision: number, digest: string) =>
  at(second, host, { type: 'log.delivered', log: LOG, path: 'spec.current', revision, digest });
const synced = (second: number, host: string, revision: number) =>
  at(second, host, { type: 'log.synced', log: LOG, revision });

tellApart('S9', {
  broken: [
    {
      when: 'two hosts hold different contents as one revision',
      entries: [...edited, delivered(4, 'n1', 5, 'aa'), delivered(4, 'n2', 5, 'bb')],
    },
    {
      when: 'a revision comes twice',
      entries: [...edited, commits(4, 'node', 'x', {}, { revision: 5 })],
    },
    {
      when: 'a host holds what was never committed',
      entries: [...edited, delivered(4, 'n1', 6, 'aa')],
    },
    {
      when: 'somebody was promised what was never committed',
      entries: [acknowledged(1, 'n1', 5)],
    },
    {
      when: 'a copy has caught up without an acknowledged entry',
      entries: [...edited, ...starts(4, 'n2'), synced(5, 'n2', 5)],
    },
  ],
  sound: [
    {
      when: 'all hold the same, some of them late',
      entries: [
        ...edited,
        delivered(4, 'n1', 5, 'aa'),
        commits(5, 'spec', 'current', second, { revision: 6 }),
        delivered(6, 'n1', 6, 'bb'),
        delivered(7, 'n2', 5, 'aa'),
        delivered(7, 'n2', 6, 'bb'),
        synced(8, 'n2', 6),
      ],
    },
    {
      when: 'another log begins with revision 1',
      entries: [...edited, commits(4, 'spec', 'current', first, { revision: 1, log: NEXT_LOG })],
    },
  ],
});

const node = (host: string, machine = host) => ({
  nodeId: idOf(host),
  incarnation: 1,
  hostname: host,
  machineIdHash: machine,
});
const enrolled = [
  ...starts(1, 'n1'),
  quorum(1, true, 'n1'),
  calls(2, 'n1', 'log.write', `node.${idOf('n1')}`, '', 0),
  commits(2, 'node', idOf('n1'), node('n1')),
];

tellApart('S16', {
  broken: [
    {
      when: 'a machine enrols under the name of one that lives',
      entries: [...enrolled, commits(90, 'node', idOf('n2'), { ...node('n2'), hostname: 'n1' })],
    },
    {
      when: 'a cloned disk enrols under an identity that lives elsewhere',
      entries: [
        ...enrolled,
        at(10, 'n2', { type: 'agent.started', nodeId: idOf('n1'), life: 1, token: 'one' }),
        calls(11, 'n2', 'log.write', `node.${idOf('n1')}`, '', 2),
      ],
    },
  ],
  sound: [
    {
      when: 'the other one has not been heard of for long',
      entries: [
        ...enrolled,
        quorum(30, true),
        commits(90, 'node', idOf('n2'), { ...node('n2'), hostname: 'n1' }),
      ],
    },
    {
      when: 'the machine was wiped and enrols as another node',
      entries: [
        ...enrolled,
        at(10, 'n1', { type: 'agent.ended', life: 1, how: 'killed' }),
        world(11, 'n1', 'disk.wiped'),
        at(12, 'n1', { type: 'agent.started', nodeId: idOf('n2'), life: 2, token: 'one' }),
        commits(90, 'node', idOf('n2'), { ...node('n2'), hostname: 'n1' }),
      ],
    },
  ],
});

tellApart('S18', {
  broken: [
    {
      when: 'a spec asks for an even number of control planes',
      entries: [commits(1, 'spec', 'current', { ...Object(first), controlPlanes: 2 })],
    },
    {
      when: 'more control planes are asked for than there are machines',
      entries: [commits(1, 'spec', 'current', spec({ controlPlanes: 5 }))],
    },
    {
      when: 'the network of pods changes',
      entries: [
        commits(1, 'spec', 'current', first),
        commits(2, 'spec', 'current', spec({ network: { podSubnet: '10.1.0.0/16' } })),
      ],
    },
    {
      when: 'Kubernetes is to go back',
      entries: [
        commits(1, 'spec', 'current', first),
        commits(2, 'spec', 'current', spec({ kubernetesVersion: 'v1.34.3' })),
      ],
    },
    {
      when: 'Kubernetes is to skip a minor',
      entries: [
        commits(1, 'spec', 'current', spec({ kubernetesVersion: 'v1.32.0' })),
        commits(2, 'spec', 'current', first),
      ],
    },
  ],
  sound: [
    {
      when: 'people ask for more control planes than there are machines yet',
      entries: [
        commits(1, 'spec', 'current', first),
        commits(2, 'spec', 'current', { ...Object(first), controlPlanes: 5 }),
      ],
    },
    {
      when: 'the next minor is asked for',
      entries: [
        commits(1, 'spec', 'current', first),
        commits(2, 'spec', 'current', spec({ kubernetesVersion: 'v1.35.0' })),
      ],
    },
  ],
});

const tooNew = commits(2, 'assignment', idOf('n1'), { novel: true }, { by: null });
const delivers = (second: number, path: string, revision = second) =>
  at(second, 'n1', { type: 'log.delivered', log: LOG, path, revision, digest: String(revision) });
const hears = (second: number, revision: number) =>
  delivers(second, `assignment.${idOf('n1')}`, revision);
const startsReplica = (second: number, serverName: string) =>
  calls(second, 'n1', 'replicaServers.start', serverName);
const act = (second: number) => calls(second, 'n1', 'operations.start', 'x');

tellApart('S25', {
  broken: [
    {
      when: 'an agent acts upon an entry that it can not read',
      entries: [...starts(1, 'n1'), tooNew, hears(2, 2), act(4)],
    },
    {
      when: 'an agent acts beside a kind that it does not know',
      entries: [...starts(1, 'n1'), delivers(2, 'novelty.x'), act(4)],
    },
    {
      when: 'an agent acts beside the second of two such entries, of which the first is gone',
      entries: [
        ...starts(1, 'n1'),
        tooNew,
        hears(2, 2),
        delivers(3, 'novelty.x'),
        assigns(5, 'n1', 'join-worker'),
        hears(6, 5),
        act(9),
      ],
    },
    {
      when: 'an agent stops its static pods beside such an entry',
      entries: [...starts(1, 'n1'), tooNew, hears(2, 2), calls(4, 'n1', 'host.stopStaticPods')],
    },
    {
      when: 'an agent goes on once the static pods that it stopped were started again',
      entries: [
        ...starts(1, 'n1'),
        calls(1, 'n1', 'host.stopStaticPods'),
        tooNew,
        hears(2, 2),
        calls(6, 'n1', 'host.restartKubelet'),
        act(7),
      ],
    },
    {
      when: 'an agent makes a new replica of the log beside such an entry',
      entries: [
        ...starts(1, 'n1'),
        startsReplica(1, 'r1'),
        tooNew,
        hears(2, 2),
        startsReplica(4, 'r2'),
      ],
    },
    {
      when: 'an agent starts its replica again beside a set of replicas that it can not read',
      entries: [
        ...starts(1, 'n1'),
        startsReplica(1, 'r1'),
        commits(2, 'replicas', 'current', { novel: true }, { by: null }),
        delivers(2, 'replicas.current'),
        startsReplica(4, 'r1'),
      ],
    },
  ],
  sound: [
    {
      when: 'the pass under way comes to its end',
      entries: [...starts(1, 'n1'), tooNew, hears(2, 2), act(3)],
    },
    {
      when: 'the entry was replaced by one that it can read',
      entries: [
        ...starts(1, 'n1'),
        tooNew,
        hears(2, 2),
        assigns(5, 'n1', 'join-worker'),
        hears(6, 5),
        act(9),
      ],
    },
    {
      when: 'it keeps its own copy on disk',
      entries: [
        ...starts(1, 'n1'),
        tooNew,
        hears(2, 2),
        calls(4, 'n1', 'durable.write', 'log-copy'),
      ],
    },
    {
      when: 'it starts the static pods again that it waited for to end',
      entries: [
        ...starts(1, 'n1'),
        calls(1, 'n1', 'host.stopStaticPods'),
        tooNew,
        hears(2, 2),
        calls(6, 'n1', 'files.write', 'etcd.yaml'),
        calls(6, 'n1', 'host.restartKubelet'),
      ],
    },
    {
      when: 'it starts its own replica of the log again',
      entries: [
        ...starts(1, 'n1'),
        startsReplica(1, 'r1'),
        tooNew,
        hears(2, 2),
        startsReplica(4, 'r1'),
      ],
    },
  ],
});
