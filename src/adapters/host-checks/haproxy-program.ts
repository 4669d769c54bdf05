import { TerminalError } from '../../errors.ts';
import type { FindProgram } from '../find-program.ts';
import type { ProgramVersion } from '../program-version.ts';
import { type HostItem, missing, ok } from './host-item.ts';

/** The first whose Runtime API adds servers without being asked for experiments. */
const OLDEST = [2, 6] as const;

export function haproxyProgram(versionOf: ProgramVersion, find: FindProgram): HostItem {
  return {
    check: async () => {
      const path = await find('haproxy');
      if (path === undefined) {
        return missing(`haproxy is not installed: install haproxy ${OLDEST.join('.')} or later.`);
      }
      const [, major, minor] = /version (\d+)\.(\d+)/.exec(await versionOf(path, ['-v'])) ?? [];
      if (isAtLeast([Number(major), Number(minor)], OLDEST)) return ok(`haproxy ${major}.${minor}`);
      return missing(`${path} is haproxy ${major}.${minor}: install ${OLDEST.join('.')} or later.`);
    },
    prepare: async () => {
      throw new TerminalError(
        'host.not-ours',
        `civitas does not install packages: install haproxy ${OLDEST.join('.')} or later.`,
      );
    },
  };
}

type Version = readonly [major: number, minor: number];

function isAtLeast([major, minor]: Version, [oldestMajor, oldestMinor]: Version): boolean {
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
