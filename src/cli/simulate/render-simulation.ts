import { type Outage, totalMs } from '../../simulation/scenario/outages.ts';
import type { FinalNode, Simulation } from '../../simulation/scenario/simulation.ts';
import type { TimelineLine } from '../../simulation/scenario/timeline-line.ts';
import { countText } from '../../state/count-text.ts';
import { durationText } from '../duration-text.ts';
import type { Paint } from '../paint.ts';
import { plainTable } from '../plain-table.ts';
import { stateCells } from '../state-cells.ts';
import { momentText } from './moment-text.ts';

interface Options {
  readonly wide: boolean;
  readonly paint: Paint;
}

const COLOURS = { whole: 'green', degraded: 'yellow', frozen: 'red', lost: 'red' } as const;

/** The human form of a simulation: what happened, how each machine ends, and what to make of it. */
export function renderSimulation(simulation: Simulation, { wide, paint }: Options): string {
  const parts = [
    headline(simulation),
    simulation.timeline.map((line) => timelineLine(line)).join('\n'),
    nodeTable(simulation.nodes, wide, paint),
    [
      downtime('API', simulation.apiOutages, simulation.forMs),
      downtime('log', simulation.logOutages, simulation.forMs),
    ].join('\n'),
    verdict(simulation, paint),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headline({ nodes, origin, kubernetesVersion, seed, ...rest }: Simulation): string {
  const { wholeAfterMs, forMs } = rest;
  const whole = wholeAfterMs === null ? 'never whole' : `whole after ${durationText(wholeAfterMs)}`;
  const beginning = origin === 'empty machines' ? `${origin}, ${whole}` : `a ${origin}`;
  const count = countText(nodes.length, 'node');
  return `${count}, Kubernetes ${kubernetesVersion}, seed ${seed}: ${beginning}, then ${durationText(forMs)}.`;
}

function timelineLine({ atMs, host, text }: TimelineLine): string {
  const who = host === '*' ? '' : `${host} `;
  return `${momentText(atMs).padStart(10)}  ${who}${text}`;
}

function nodeTable(nodes: readonly FinalNode[], wide: boolean, paint: Paint): string {
  if (nodes.length === 0) return '';
  const head = ['NODE', 'MACHINE', 'ROLE', 'PHASE', 'READY', 'KUBELET', 'ALIVE'];
  const rows = nodes.map((node) => nodeRow(node, wide, paint));
  return plainTable(wide ? [...head, 'ADDRESS', 'ID', 'ZONE'] : head, rows);
}

function nodeRow(node: FinalNode, wide: boolean, paint: Paint): readonly string[] {
  const row = [
    node.hostname,
    node.machine === 'running' ? 'running' : paint('red', node.machine),
    ...stateCells(node, paint),
  ];
  return wide ? [...row, node.address, node.nodeId, node.zone || '-'] : row;
}

function downtime(what: string, outages: readonly Outage[], forMs: number): string {
  if (outages.length === 0) return `${what} down: never`;
  const periods = outages.map(({ fromMs, toMs }) => {
    const to = toMs >= forMs ? 'the end' : momentText(toMs);
    return `${momentText(fromMs)} to ${to}`;
  });
  return `${what} down: ${momentText(totalMs(outages))} (${periods.join(', ')})`;
}

function verdict({ verdict: { ending, reasons, cures }, notes }: Simulation, paint: Paint): string {
  const colour = COLOURS[ending];
  const indented = (sentences: readonly string[]) => sentences.map((sentence) => `  ${sentence}`);
  return [
    `Ends ${paint(colour, ending)}.`,
    ...indented([...reasons, ...cures]),
    '',
    ...notes.map((note) => paint('dim', note)),
  ].join('\n');
}
