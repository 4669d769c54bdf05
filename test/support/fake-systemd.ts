import type { CommandResult, RunCommand } from '../../src/adapters/execa-exec.ts';

type Properties = Readonly<Record<string, string>>;

const NOT_FOUND: Properties = { LoadState: 'not-found', ActiveState: 'inactive' };

/** systemctl and systemd-run over units that are only a table of properties. */
export class FakeSystemd {
  readonly units = new Map<string, Properties>();
  /** Set, it makes every command fail with these words. */
  broken = '';
  /** Set, it refuses this verb. */
  refuses = '';
  /** What happens to a unit that systemd-run is asked for. */
  onRun = (name: string) => {
    this.units.set(name, { LoadState: 'loaded', ActiveState: 'active', SubState: 'running' });
  };

  readonly run: RunCommand = async (file, args) => {
    if (this.broken !== '') return { exitCode: 1, stdout: '', stderr: this.broken };
    if (file === 'systemd-run') return this.#systemdRun(args);
    const [verb = '', ...words] = args.filter((word) => !word.startsWith('--'));
    if (verb === this.refuses) return { exitCode: 1, stdout: '', stderr: 'Job failed' };
    if (verb === 'show') return succeeded(words.map((name) => this.#show(name)).join('\n\n'));
    for (const name of words) this.#change(verb, name);
    return succeeded('');
  };

  #systemdRun(args: readonly string[]): CommandResult {
    const name = args.find((word) => word.startsWith('--unit='))?.slice('--unit='.length) ?? '';
    if (this.units.has(name)) return { exitCode: 1, stdout: '', stderr: `${name} exists already` };
    this.onRun(name);
    const started = this.units.has(name);
    return started ? succeeded('') : { exitCode: 1, stdout: '', stderr: 'no such executable' };
  }

  #show(name: string): string {
    const properties = Object.entries(this.units.get(name) ?? NOT_FOUND);
    return properties.map(([key, value]) => `${key}=${value}`).join('\n');
  }

  #change(verb: string, name: string): void {
    const isTransient = name.startsWith('civitas-op-');
    if (verb === 'stop' && isTransient && !this.#isFailed(name)) this.units.delete(name);
    if (verb === 'reset-failed' && isTransient && this.#isFailed(name)) this.units.delete(name);
    if (verb === 'enable') this.#set(name, { LoadState: 'loaded', UnitFileState: 'enabled' });
    if (verb === 'start' || verb === 'restart') this.#set(name, { ActiveState: 'active' });
  }

  #isFailed(name: string): boolean {
    return this.units.get(name)?.['ActiveState'] === 'failed';
  }

  #set(name: string, properties: Properties): void {
    this.units.set(name, { ...this.units.get(name), ...properties });
  }
}

function succeeded(stdout: string): CommandResult {
  return { exitCode: 0, stdout, stderr: '' };
}
