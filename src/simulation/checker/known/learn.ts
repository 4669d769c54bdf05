import type { TraceEntry } from '../../trace/entry.ts';
import type { Of } from '../rule.ts';
import type { Known, KnownAgent } from './known.ts';
import { learnLog, learnQuorum } from './learn-log.ts';
import { learnTroubles } from './learn-troubles.ts';
import { learnWorld } from './learn-world.ts';
import { changed, without } from './maps.ts';

/** Of another cluster only its machines count. */
const OF_MACHINES = /^(agent\.(started|ended|paused|resumed|formed)|world (power|network|disk)\.)/;

/** What is known after one more entry; `elsewhere`: it happened in another cluster. */
export function learn(known: Known, entry: TraceEntry, elsewhere: boolean): Known {
  const learnt = elsewhere && !isOfMachines(entry) ? known : learnEntry(known, entry);
  return learnTroubles(learnt, entry);
}

function isOfMachines(entry: TraceEntry): boolean {
  return OF_MACHINES.test(entry.type === 'world' ? `world ${entry.event}` : entry.type);
}

function learnEntry(known: Known, entry: TraceEntry): Known {
  switch (entry.type) {
    case 'agent.started':
    case 'agent.ended':
    case 'agent.paused':
    case 'agent.resumed':
      return learnAgents(known, entry);
    case 'agent.formed':
      return { ...known, records: changed(known.records, entry.host, entry.record) };
    case 'agent.leads':
      return { ...known, leader: leaderAfter(known, entry) };
    case 'log.committed':
      return { ...known, log: learnLog(known.log, entry) };
    case 'log.quorum':
      return { ...known, quorum: learnQuorum(known.quorum, entry) };
    case 'etcd.members':
      return { ...known, members: changed(known.members, entry.cluster, entry.members) };
    case 'kubernetes.nodes':
      return { ...known, nodes: changed(known.nodes, entry.cluster, entry.nodes) };
    case 'world':
      return learnWorld(known, entry);
    default:
      return known;
  }
}

/** A former leader may find out late that it leads no more. */
function leaderAfter({ leader }: Known, { host, term }: Of<'agent.leads'>): Known['leader'] {
  if (term !== null) return { host, term };
  return leader?.host === host ? undefined : leader;
}

type AgentChange = Extract<
  TraceEntry,
  { readonly type: 'agent.started' | 'agent.ended' | 'agent.paused' | 'agent.resumed' }
>;

function learnAgents(known: Known, entry: AgentChange): Known {
  const { host } = entry;
  switch (entry.type) {
    case 'agent.started': {
      const { nodeId, life, atMs } = entry;
      const agent: KnownAgent = { nodeId, life, sinceMs: atMs, isPaused: false };
      return {
        ...known,
        agents: changed(known.agents, host, agent),
        nodeIds: changed(known.nodeIds, host, nodeId),
        hosts: changed(known.hosts, nodeId, host),
      };
    }
    case 'agent.ended': {
      const leader = known.leader?.host === host ? undefined : known.leader;
      return { ...known, leader, agents: without(known.agents, host) };
    }
    case 'agent.paused':
    case 'agent.resumed': {
      const agent = known.agents.get(host);
      if (!agent) return known;
      const next = { ...agent, isPaused: entry.type === 'agent.paused' };
      return { ...known, agents: changed(known.agents, host, next) };
    }
  }
}
