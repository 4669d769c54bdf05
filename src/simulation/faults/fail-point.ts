/** Ports whose calls change something outside the agent, and what of their arguments names the place. */
const NAMES: Readonly<Record<string, (args: readonly unknown[]) => string>> = {
  'log.write': ([path]) => String(path).split('.')[0] ?? '',
  'durable.write': ([name]) => String(name).replace(/-\d+$/, ''),
  'files.write': ([path]) => String(path).split('/').at(-1) ?? '',
  // Snapshots of etcd have names of their own.
  'files.remove': ([path]) =>
    (String(path).split('/').at(-1) ?? '').replace(/^etcd-.*\.db$/, 'etcd.db'),
  'operations.start': ([, argv]) => (Array.isArray(argv) ? argv.slice(1, 2).join(' ') : ''),
  'host.prepare': ([name]) => String(name),
};

/**
 * The name of a place at which an agent may die: `<port>.<method> <what>`, such as
 * `operations.start init`. Each is a call right before it takes effect.
 */
export function failPointOf(call: string, args: readonly unknown[]): string {
  const what = NAMES[call]?.(args) ?? '';
  return what === '' ? call : `${call} ${what}`;
}
