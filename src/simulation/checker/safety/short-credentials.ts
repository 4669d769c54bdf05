import { TOKEN_LIFETIME_MS } from '../../../state/bootstrap-token.ts';
import type { Handover } from '../../../state/handover.ts';
import { DISCOVERY_FILE, KUBEADM_CONFIG_FILE } from '../../../state/kubernetes-paths.ts';
import { withMember, without, withoutMember } from '../known/maps.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

const CREDENTIAL_FILES: readonly unknown[] = [KUBEADM_CONFIG_FILE, DISCOVERY_FILE];
const OWNER_ONLY = 0o077;
/** A token serves one join: more of them never live at a time, unless something spins (L12). */
const MOST_TOKENS = 64;
/** How far the clocks of virtual hosts and roundings may be off. */
const TOLERANCE_MS = 1_000;

interface State {
  /** Bootstrap tokens that exist: id → host that made it. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Files that hold one: `<host>:<path>`. */
  readonly files: ReadonlySet<string>;
  /** For which operation each token was handed over. */
  readonly uses: ReadonlyMap<string, string>;
  /** A wall clock was set: nobody can tell any more how long a token lives. */
  readonly clocksDiffer: boolean;
}

const initial: State = {
  tokens: new Map(),
  files: new Set(),
  uses: new Map(),
  clocksDiffer: false,
};

export const shortCredentials = invariant({
  id: 'S23',
  title: 'Credentials live shortly',
  rule: 'A bootstrap token is made for one join, for at most 15 minutes, stands only in files of mode 0600, and is gone, as are they, once all is settled.',
  hears: ['agent.called', 'world', 'log.committed', 'fault.begun', 'script.settled'],
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'agent.called':
        return { state, broken: badCall(state, entry, known.header.wallAtZeroMs) };
      case 'world':
        return { state: afterWorld(state, entry) };
      case 'log.committed':
        return afterCommit(state, entry);
      case 'fault.begun':
        return {
          state: { ...state, clocksDiffer: state.clocksDiffer || /clock|wall/.test(entry.fault) },
        };
      case 'script.settled':
        return { state, broken: leftOver(state, entry.atMs) };
    }
  },
});

function badCall(state: State, entry: Of<'agent.called'>, wallAtZeroMs: number | undefined) {
  const { call, args, host, atMs } = entry;
  if (call === 'files.write' && CREDENTIAL_FILES.includes(args[0])) {
    const mode = Number(args[2]);
    if ((mode & OWNER_ONLY) === 0) return undefined;
    return `${host} wrote ${String(args[0])} with mode ${mode.toString(8)} at ${moment(atMs)}`;
  }
  if (call !== 'kube.createBootstrapToken' || wallAtZeroMs === undefined || state.clocksDiffer) {
    return undefined;
  }
  const livesMs = Number(args[1]) - wallAtZeroMs - atMs;
  if (livesMs <= TOKEN_LIFETIME_MS + TOLERANCE_MS) return undefined;
  return `${host} made a token at ${moment(atMs)} that lives ${moment(livesMs)}`;
}

function afterWorld(state: State, { host, event, detail }: Of<'world'>): State {
  switch (event) {
    case 'token.created':
      return { ...state, tokens: newest(state.tokens, detail, host) };
    case 'token.deleted':
      return { ...state, tokens: without(state.tokens, detail) };
    case 'file.written': {
      const isCredential = CREDENTIAL_FILES.includes(detail);
      return isCredential
        ? { ...state, files: withMember(state.files, `${host}:${detail}`) }
        : state;
    }
    case 'file.removed':
      return { ...state, files: withoutMember(state.files, `${host}:${detail}`) };
    case 'disk.wiped': {
      const files = [...state.files].filter((file) => !file.startsWith(`${host}:`));
      return { ...state, files: new Set(files) };
    }
    default:
      return state;
  }
}

function afterCommit(state: State, { kind, value, atMs }: Of<'log.committed'>) {
  if (kind !== 'handover' || value === null) return { state };
  const { tokenId, operationId } = value as Handover;
  const before = state.uses.get(tokenId);
  const next = { ...state, uses: newest(state.uses, tokenId, operationId) };
  if (before === undefined || before === operationId) return { state: next };
  const broken = `token ${tokenId} was handed over for ${operationId} at ${moment(atMs)}, and for ${before} before`;
  return { state: next, broken };
}

function leftOver({ tokens, files }: State, atMs: number): string | undefined {
  const [token] = tokens;
  if (token) return `token ${token[0]} that ${token[1]} made is still there at ${moment(atMs)}`;
  const [file] = files;
  return file && `${file} is still there at ${moment(atMs)}`;
}

/** With one more key, and without the oldest where there are too many. */
function newest(
  map: ReadonlyMap<string, string>,
  key: string,
  value: string,
): ReadonlyMap<string, string> {
  return new Map([...map, [key, value] as const].slice(-MOST_TOKENS));
}
