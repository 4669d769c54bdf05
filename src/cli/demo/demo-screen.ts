import type { Paint } from '../paint.ts';
import { renderStatus } from '../render-status.ts';
import { clusterSeen, type Sightings } from './timeline.ts';

const LINES_SHOWN = 14;

interface Screen {
  readonly sightings: Sightings;
  readonly agents: readonly { readonly name: string; readonly running: boolean }[];
  /** All lines of the timeline so far. */
  readonly lines: readonly string[];
  readonly selected: string;
  /** What asks an agent of the demo in another terminal, but for the command's name. */
  readonly asks: string;
  readonly wallMs: number;
  readonly paint: Paint;
}

/** The whole live view as text: cluster, machines, the latest of the timeline, keys. */
export function renderScreen(screen: Screen): string {
  const { sightings, lines, paint, wallMs, asks } = screen;
  const view = clusterSeen(sightings);
  const cluster = view
    ? renderStatus(view, { wide: false, paint, wallMs })
    : 'starting the agents …\n';
  return [
    paint('bold', 'civitas demo: real agents and a real log, on simulated hosts'),
    '',
    cluster,
    machines(screen),
    '',
    ...lines.slice(-LINES_SHOWN),
    '',
    paint('dim', '1-9 select · k kill · b boot · a add a machine · q quit'),
    paint('dim', `in another terminal: ${asks}`),
  ].join('\n');
}

function machines({ agents, selected, paint }: Screen): string {
  const names = agents.map(({ name, running }) => {
    const text = running ? paint('green', name) : paint('red', `${name} off`);
    return name === selected ? paint('inverse', text) : text;
  });
  return `machines: ${names.join('  ')}`;
}
