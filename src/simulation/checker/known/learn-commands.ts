import type { Of } from '../rule.ts';
import { parseCommand, parseEnd } from './command.ts';
import type { Known } from './known.ts';
import { changed, without } from './maps.ts';

export function learnCommands(known: Known, { host, event, detail }: Of<'world'>): Known {
  switch (event) {
    case 'operation.started': {
      const running = [...(known.commands.get(host) ?? []), parseCommand(detail)];
      return { ...known, commands: changed(known.commands, host, running) };
    }
    case 'operation.ended': {
      const { unit } = parseEnd(detail);
      const running = (known.commands.get(host) ?? []).filter((each) => each.unit !== unit);
      return { ...known, commands: changed(known.commands, host, running) };
    }
    case 'power.cut':
    case 'disk.wiped':
      return { ...known, commands: without(known.commands, host) };
    default:
      return known;
  }
}
