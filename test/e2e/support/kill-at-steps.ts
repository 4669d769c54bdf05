import { agentProcess, followWords } from './agent-words.ts';
import { followUnits } from './follow-units.ts';
import { eventually } from './machines.ts';

/** Something that an agent begins to do. */
export interface Step {
  readonly name: string;
  /** A line of its log, or of its service manager. */
  readonly begins: RegExp;
  /** It is this step only once that one was begun, by whomever. */
  readonly after?: string;
}

/** An agent that was killed as it began a step. */
export interface Kill {
  readonly step: string;
  readonly machine: string;
  /** By the wall clock, when the agent began it, and when it was dead. */
  readonly begunWallMs: number;
  readonly killedWallMs: number;
}

const BACK_WITHIN_MS = 30_000;

/**
 * Kills the agent of whichever of these machines begins one of the steps (in the order of their course)
 * that are `wanted`, once for each, with SIGKILL, within some milliseconds. Systemd starts it again. A
 * step that an agent began while it was killed for another one counts when it comes the next time. The
 * machines must have `writeWords`. Resolves once it watches.
 */
export async function killAtSteps(
  machines: readonly string[],
  steps: readonly Step[],
  wanted: readonly string[],
) {
  const kills: Kill[] = [];
  const begun = new Set<string>();
  const agents = new Map<string, number>();
  const ending = new AbortController();

  /** The latest of the course that the line may begin. */
  function stepIn(text: string): string | undefined {
    return steps.findLast(({ begins, after }) => {
      return (after === undefined || begun.has(after)) && begins.test(text);
    })?.name;
  }

  async function findAgent(machine: string, former?: number): Promise<void> {
    const found = await eventually(
      () => agentProcess(machine),
      (process) => process !== undefined && process !== former,
      BACK_WITHIN_MS,
    );
    if (found !== undefined) agents.set(machine, found);
  }

  async function onLine(machine: string, text: string, begunWallMs: number): Promise<void> {
    const step = stepIn(text);
    if (step === undefined) return;
    begun.add(step);
    const agent = agents.get(machine);
    const last = kills.findLast((each) => each.machine === machine);
    const isOfFormerLife = last !== undefined && begunWallMs <= last.killedWallMs;
    const isDue = wanted.includes(step) && !kills.some((each) => each.step === step);
    if (!isDue || isOfFormerLife || agent === undefined) return;
    process.kill(agent, 'SIGKILL');
    kills.push({ step, machine, begunWallMs, killedWallMs: Date.now() });
    agents.delete(machine);
    await findAgent(machine, agent);
  }

  await Promise.all(machines.map(findAgent));
  const following = machines.flatMap((machine) => {
    const tell = (text: string, wallMs: number) => onLine(machine, text, wallMs);
    return [followWords(machine, ending.signal, tell), followUnits(machine, ending.signal, tell)];
  });

  return {
    /** In their order. */
    kills: (): readonly Kill[] => kills,
    async stop(): Promise<void> {
      ending.abort();
      await Promise.all(following);
    },
  };
}
