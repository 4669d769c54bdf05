import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface SourceFile {
  /** From `src/` on. */
  readonly path: string;
  readonly text: string;
}

const SOURCE: readonly SourceFile[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((path) => ({ path, text: readFileSync(join('src', path), 'utf8') }));

const ERRORS = readFileSync('docs/errors.md', 'utf8');
const EVENTS = readFileSync('docs/events.md', 'utf8');

/** Two words with a dot between them, in quotes: a code, unless it stands where something else does. */
const DOTTED = /'([a-z][a-z0-9-]*\.[a-z][a-z0-9-]*)'/g;
/** Where a run of the simulation is told and judged: full of the words of traces, which nobody is shown. */
const TRACES = /^simulation\/(checker|faults|fleet|scenario|search|trace)\//;
const ERROR_CODE = /Error\(\s*'([a-z][a-z0-9-]*\.[a-z][a-z0-9-]*)'/g;
const FILE_NAME = /\.(conf|crt|js|json|key|pem|service|slice|sock|tmp|token|yaml)$/;
/** Log events, events of the state machines, the trail of the simulation, words of libraries, fields. */
const NO_CODES = [
  /\bevent: '[^']+'/g,
  /\btype: '[^']+'/g,
  /\brecord\(\s*(?:run\.)?world,.*?, '[^']+'/gs,
  /\bSUBJECT = '[^']+'/g,
  /'commander\.[^']+'/g,
  // Fields of the spec, and of what kubeadm is told.
  /\bproblem\('[^']+'/g,
  /'[^']+': owned\(/g,
  /\bDEFAULT_DNS_DOMAIN = '[^']+'/g,
];
/** The one place that puts codes together: `refused('truncated', …)` makes `token.truncated`. */
const TOKEN_CODE = /\brefused\(\s*'([a-z-]+)'/g;
/** An error whose first argument is not a whole code in quotes. */
const RELAY = /\bnew (?:(?:Terminal|Retryable)Error|ErrorClass)\((?!\s*'[^']+',)\s*([^,$]+)/g;

const REASON = /\breason: '([a-z-]+)'/g;
/** Conditions of the source `log` get their reason as an argument. */
const LOG_REASON = /'log', '([a-z-]+)', (?:logProblem|message)/g;
/** Guards of a decision: one that does not let it pass is what is waited for. */
const GUARD = /\bname: '([a-z-]+)',\s*passed/g;
const OTHER_REASON = /\breason: (?!'|null\b)([^,;)\n]+)/g;

/** Of the types of actions; where such an action is made, its type is not `readonly`. */
const ACTION = /\breadonly type: '([a-z-]+)'/g;
const LOG_CALL = /\blog\.(debug|info|warn|error)\(\s*\{ event: '([^']+)'([^}]*)\}/g;

describe('docs/errors.md', () => {
  test('lists exactly the codes of the source, each once', () => {
    expect(firstColumn(ERRORS, /[a-z-]+\.[a-z0-9-]+/)).toEqual(distinct(codesOfSource()));
  });

  test('a code that is not written where its error is made comes from one of these places', () => {
    expect(places(SOURCE, RELAY)).toEqual([
      'adapters/execa-exec.ts: code', // in quotes at each call of runOrThrow
      'adapters/local-api-client.ts: problem.code', // as the agent said it
      'adapters/local-api-client.ts: code', // one of two in quotes
      'adapters/simulated-world-client.ts: error.code', // as the simulated host said it
      'formation/greeting.ts: refusal.code', // in quotes in refusal.ts
      'state/token.ts: `token.', // TOKEN_CODE
    ]);
    expect(places(SOURCE, /\bcode: (`.*)/g)).toEqual([]);
  });

  test('lists exactly the refusals of peers', () => {
    const refusals = matches([text('formation/refusal.ts')], /\bcode: '([^']+)'/g);
    const section = ERRORS.split('\n## ').find((part) => part.startsWith('Refusals'));
    expect(firstColumn(section ?? '', /[a-z-]+\.[a-z-]+/)).toEqual(distinct(refusals));
  });

  test('lists exactly the reasons to wait of the source, each once', () => {
    expect(firstColumn(ERRORS, /[a-z-]+/)).toEqual(distinct(reasonsOfSource()));
  });

  test('a reason that is not written where the wait is made comes from one of these places', () => {
    const told = SOURCE.filter(({ path }) => /^(agent|controllers|formation)\//.test(path));
    expect(places(told, OTHER_REASON)).toEqual([
      'agent/agent-view.ts: string', // LOG_REASON
      'agent/agent-view.ts: health.code', // a code
      'controllers/departure/decide-etcd.ts: ETCD_NOT_HEALTHY', // etcd-not-healthy, also in quotes
      'controllers/departure/decide-etcd.ts: ETCD_NOT_HEALTHY',
      'controllers/host-upkeep/decide-report.ts: isDone ? null : progress.reason', // a sentence
      'controllers/kubeadm/observe-command.ts: failureReason(state.output', // a sentence
      'controllers/kubeadm/observed.ts: string', // that sentence
      'controllers/roles/decide-fallback.ts: closed.name', // GUARD
      'controllers/roles/decide-replacement.ts: closed.name', // GUARD
      'controllers/roles/decide-shrink.ts: closed.name', // GUARD
      'controllers/roles/decide.ts: first.reason', // that of another wait
      'controllers/roles/reasons.ts: why.slice(0', // the reason of another choice, a sentence
      'controllers/upkeep/decide.ts: first.reason', // that of another wait
      'controllers/upkeep/drain-orders.ts: closed.name', // GUARD
      'controllers/upkeep/plan-next.ts: closed.name', // GUARD
      'controllers/upkeep/told.ts: why.name', // GUARD
      'formation/genesis/state.ts: string', // one of those in quotes beside it
      'formation/view.ts: cause.reason', // one of those in quotes in genesis/
    ]);
  });
});

describe('docs/events.md', () => {
  const calls = SOURCE.flatMap(({ text }) => [...text.matchAll(LOG_CALL)]).map(
    ([, level = '', event = '', fields = '']) => ({ level, event, fields: namesIn(fields) }),
  );

  test('lists exactly the log events of the source, each once and with its level', () => {
    const documented = rowsOf(EVENTS).map(([event, level]) => `${event} ${level}`);
    const said = calls.map(({ event, level }) => `${event} ${level}`);
    expect(documented.sort()).toEqual(distinct(said));
  });

  test('every event of the source stands in a call that this test understands', () => {
    const events = matches(texts(SOURCE), /\bevent: '([^']+)'/g);
    expect(distinct(calls.map(({ event }) => event))).toEqual(distinct(events));
  });

  test('names every field that the source spells out', () => {
    const documented = new Map(rowsOf(EVENTS).map(([event, , , fields]) => [event, fields]));
    const missing = calls.flatMap(({ event, fields }) =>
      fields.filter((field) => !documented.get(event)?.includes(`\`${field}\``)),
    );
    expect(missing).toEqual([]);
  });

  test('lists exactly the actions of each controller', () => {
    const actions = SOURCE.flatMap(({ path, text }) => {
      const [, controller] =
        /^controllers\/([^/]+)\/(?:action|controller|decide)\.ts$/.exec(path) ?? [];
      return controller ? matches([text], ACTION).map((action) => `${controller} ${action}`) : [];
    });
    const documented = [...EVENTS.matchAll(/^\| `([a-z-]+)` \| ([^|]+) \|$/gm)].flatMap(
      ([, controller, list = '']) =>
        matches([list], /`([^`]+)`/g).map((action) => `${controller} ${action}`),
    );
    expect(documented.sort()).toEqual(distinct(actions));
  });
});

test('package.json, the CLI and the changelog name one version', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(text('version.ts')).toContain(`'${version}'`);
});

function codesOfSource(): string[] {
  const others = SOURCE.filter(({ path }) => !path.startsWith('machines/') && !TRACES.test(path));
  const traces = SOURCE.filter(({ path }) => TRACES.test(path));
  const rest = texts(others).map((each) =>
    NO_CODES.reduce((left, pattern) => left.replaceAll(pattern, ''), each),
  );
  const token = matches([text('state/token.ts')], TOKEN_CODE).map((word) => `token.${word}`);
  const written = matches(rest, DOTTED).filter((word) => !FILE_NAME.test(word));
  return [...written, ...matches(texts(traces), ERROR_CODE), ...token];
}

/** Why a node gets no role is told in sentences only. */
/** What keeps a node from a role: told in the wait `node-left-out` and by `civitas why-not`. */
const OBSTACLES = ['state/obstacle.ts', 'state/roster.ts'];

function reasonsOfSource(): string[] {
  const others = texts(SOURCE.filter(({ path }) => !OBSTACLES.includes(path)));
  const deciding = texts(SOURCE.filter(({ path }) => /^controllers\/(roles|upkeep)\//.test(path)));
  return [...matches(others, REASON), ...matches(others, LOG_REASON), ...matches(deciding, GUARD)];
}

/** What stands alone in the first column of the tables of a document. */
function firstColumn(document: string, word: RegExp): string[] {
  return matches([document], new RegExp(`^\\| \`(${word.source})\` \\|`, 'gm')).sort();
}

/** The rows whose first cell is an event, by event; that cell without its quotes. */
function rowsOf(document: string): string[][] {
  const rows = document.split('\n').filter((line) => /^\| `[^`]+\.[^`]+` \|/.test(line));
  const cells = rows.map((line) => line.slice(2, -2).split(' | '));
  return cells.map(([event = '', ...rest]) => [event.slice(1, -1), ...rest]);
}

/** Names of the fields in `, a: b, c`; what is spread into it has none. */
function namesIn(fields: string): string[] {
  return matches([fields], /(?:^|,)\s*(\w+)/g);
}

/** `<path>: <what the pattern caught>`. */
function places(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    matches([text], pattern).map((caught) => `${path}: ${caught}`),
  );
}

function texts(files: readonly SourceFile[]): string[] {
  return files.map((file) => file.text);
}

function text(path: string): string {
  return SOURCE.find((file) => file.path === path)?.text ?? '';
}

function matches(from: readonly string[], pattern: RegExp): string[] {
  return from.flatMap((each) => [...each.matchAll(pattern)].map((match) => match[1] ?? ''));
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}
