import { VERSION } from '../version.ts';

interface Options {
  readonly output: 'table' | 'json';
}

/** Prints the versions that a bug report needs. */
export function version({ output }: Options): void {
  const versions = {
    civitas: VERSION,
    node: process.version,
    platform: `${process.platform}/${process.arch}`,
  };
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify(versions, null, 2)}\n`);
    return;
  }
  for (const [name, value] of Object.entries(versions)) {
    process.stdout.write(`${name.padEnd(9)} ${value}\n`);
  }
}
