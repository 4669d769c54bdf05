/** Flags whose value is the next word; all others carry it after `=`, or need none. */
const WITH_VALUE = ['--config', '--cri-socket', '--ignore-preflight-errors', '--output', '-o'];

/** The words of a kubeadm command line, and its flags. */
export interface KubeadmArguments {
  /** Without flags and the program itself. */
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

export function parseArguments(argv: readonly string[]): KubeadmArguments {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [name = '', value] = word.split(/=(.*)/s);
    if (!word.startsWith('-')) words.push(word);
    else if (value !== undefined) flags.set(name, value);
    else if (WITH_VALUE.includes(name)) {
      index += 1;
      flags.set(name, argv[index] ?? '');
    } else flags.set(name, 'true');
  }
  return { words, flags };
}
