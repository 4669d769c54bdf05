import { CommanderError } from 'commander';
import { CivitasError } from '../errors.ts';
import { buildProgram } from './program.ts';

const USAGE = 2;
const FAILED = 1;

/** Errors whose cause is what the person typed or handed over: exit code 2, as for bad options. */
const BAD_INPUT = /^(cli|plan|spec|token)\.|^(drain|leave)\.(last-control-plane|unknown-node)$/;

/** Prints the script of a shell, and what that script asks at each press of the key. */
const COMPLETION: ReadonlySet<string> = new Set(['completion', 'complete']);

/** Runs one command and resolves to its exit code: 0 done, 1 failed, 2 bad input. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    const program = buildProgram();
    if (COMPLETION.has(argv[2] ?? '')) {
      const { default: addCompletion } = await import('@bomb.sh/tab/commander');
      addCompletion(program, { completionCommandName: 'completion' });
    }
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    const exitCode = report(error);
    // As of kubectl: 1 says that something differs, and nothing else.
    return argv[2] === 'diff' && exitCode === FAILED && !isDifference(error) ? USAGE : exitCode;
  }
}

function isDifference(error: unknown): boolean {
  return error instanceof CivitasError && error.code === 'diff.differs';
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return reportUsage(error);
  if (error instanceof CivitasError) {
    complain(error.message, error.code);
    return BAD_INPUT.test(error.code) ? USAGE : FAILED;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  complain(`This is a bug, please report it: ${text}`, 'internal.unexpected');
  return FAILED;
}

/** Help and version are thrown, too: commander has printed them already. */
function reportUsage({ code, exitCode, message }: CommanderError): number {
  if (exitCode === 0) return 0;
  if (code !== 'commander.help') complain(usageSentence(message), 'cli.usage');
  return USAGE;
}

/** Commander's `error: … \n(Did you mean …?)` as one sentence. */
function usageSentence(message: string): string {
  const said = message.replace(/^error: /, '').replace(/\.$/, '');
  const sentence = said.replace('. Allowed', ': allowed').replace(/\s+/g, ' ');
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)} (add --help to see what there is).`;
}

function complain(sentence: string, code: string): void {
  process.stderr.write(`civitas: ${sentence} [${code}]\n`);
}
