/** Ports whose calls change something outside the agent, and what of their arguments names the place. */
const NAMES: Readonly<Record<string, (args: readonly unknown[]) => string>> = {
  'log.write': ([path]) => String(path).split('.')[0] ?? '',
  'durable.write': ([name]) => String(name).replace(/-\d+$/, ''),
  'files.write': ([path]) => writtenPlace(String(path)),
  // Snapshots of etcd have names of their own.
  'files.remove': ([path]) =>
    (String(path).split('/').at(-1) ?? '').replace(/^etcd-.*\.db$/, 'etcd.db'),
  'operations.start': ([, argv]) => (Array.isArray(argv) ? verbOf(argv) : ''),
  'host.prepare': ([name]) => String(name),
};

/** Copies of certificates and keys are one place, by whatever names. */
function writtenPlace(path: string): string {
  return /\/civitas-renewal\//.test(path) ? 'civitas-renewal' : (path.split('/').at(-1) ?? '');
}

/** Manifests are rendered by an `init` that does nothing; kubeadm may be started by `nice -n NUMBER`. */
function verbOf(argv: readonly unknown[]): string {
  if (argv.includes('--dry-run')) return 'render';
  const verb = String(argv[0]).endsWith('/nice') ? argv[4] : argv[1];
  return String(verb ?? '');
}

/**
 * The name of a place at which an agent may die: `<port>.<method> <what>`, such as
 * `operations.start init`. Each is a call right before it takes effect.
 */
export function failPointOf(call: string, args: readonly unknown[]): string {
  const what = NAMES[call]?.(args) ?? '';
  return what === '' ? call : `${call} ${what}`;
}
