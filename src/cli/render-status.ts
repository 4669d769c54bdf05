import type { AgentView, NodeView } from '../state/agent-view.ts';
import { budgetSentence, frozenSentence } from '../state/budget-sentence.ts';
import { durationText } from './duration-text.ts';
import type { Paint } from './paint.ts';
import { plainTable } from './plain-table.ts';
import { stateCells } from './state-cells.ts';
import { renderCancelled } from './status-cancelled.ts';
import { renderNextExpiry } from './status-certificates.ts';
import { renderDrift } from './status-drift.ts';
import { renderOpenPlans } from './status-plans.ts';
import { renderRolloutLines } from './status-rollout.ts';
import { VERSION_HEAD, versionCells } from './status-versions.ts';

interface Options {
  readonly wide: boolean;
  readonly paint: Paint;
  /** Now, on the wall clock the view was taken with. */
  readonly wallMs: number;
}

/** The human form of `civitas status`: one sentence, the nodes, then everything that waits. */
export function renderStatus(view: AgentView, options: Options): string {
  const parts = [
    headline(view, options),
    nodes(view, options),
    budget(view, options),
    renderRolloutLines(view.rollout, options),
    renderCancelled(view.cancelled, options),
    renderOpenPlans(view, options),
    renderNextExpiry(view.certificates, options),
    renderDrift(view.drift, options),
    waits(view, options),
  ];
  if (view.phase === 'forming' || options.wide) parts.push(discovery(view), peers(view));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headline({ whole, summary, clusterId }: AgentView, { paint }: Options): string {
  const mark = whole ? paint('green', '●') : paint('yellow', '○');
  const name = clusterId === null ? 'no cluster yet' : `cluster ${clusterId.slice(0, 8)}`;
  return `${mark} ${paint('bold', name)}: ${summary}`;
}

function nodes({ nodes: list }: AgentView, { wide, paint }: Options): string {
  if (list.length === 0) return '';
  const head = ['NODE', 'ROLE', 'PHASE', 'READY', 'KUBELET', 'ALIVE', 'ADDRESS'];
  if (wide) head.push(...VERSION_HEAD, 'ID', 'ZONE');
  return plainTable(
    head,
    list.map((node) => nodeRow(node, wide, paint)),
  );
}

function nodeRow(node: NodeView, wide: boolean, paint: Paint): string[] {
  const row = [node.hostname, ...stateCells(node, paint), node.address];
  return wide ? [...row, ...versionCells(node), node.nodeId, node.zone || '-'] : row;
}

function budget({ budget: given }: AgentView, { paint }: Options): string {
  if (given === null) return '';
  if (!given.frozen) return `May be lost now: ${budgetSentence(given)}`;
  return `${paint('red', 'Frozen')}: ${frozenSentence(given)}`;
}

function waits(view: AgentView, { paint, wallMs }: Options): string {
  const ofNodes = view.nodes.flatMap(({ hostname, waiting }) =>
    waiting ? [{ who: hostname, text: waiting.message, sinceWallMs: waiting.sinceWallMs }] : [],
  );
  const ofAgent = view.conditions
    .filter(({ state, message }) => state !== 'idle' && message !== null)
    .map(({ source, message, sinceWallMs }) => ({
      who: `${view.agent.hostname}/${source}`,
      text: message ?? '',
      sinceWallMs,
    }));
  const lines = [...ofNodes, ...ofAgent].map(({ who, text, sinceWallMs }) => {
    const since = sinceWallMs === null ? '' : ` (${durationText(wallMs - sinceWallMs)})`;
    return `  ${paint('yellow', who)}: ${text}${since}`;
  });
  return lines.length === 0 ? '' : ['Waiting:', ...lines].join('\n');
}

function discovery({ discovery: sources }: AgentView): string {
  if (sources.length === 0) return '';
  return plainTable(
    ['DISCOVERY', 'STATE', 'MESSAGE'],
    sources.map(({ name, state, message }) => [name, state, message]),
  );
}

function peers({ peers: list }: AgentView): string {
  if (list.length === 0) return '';
  return plainTable(
    ['PEER', 'ID', 'ADDRESS', 'COUNTED'],
    list.map(({ hostname, nodeId, address, refusal }) => [
      hostname,
      nodeId,
      address,
      refusal === null ? 'yes' : `no: ${refusal}`,
    ]),
  );
}
