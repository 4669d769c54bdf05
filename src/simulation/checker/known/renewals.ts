import type { LeafCertificates } from '../../../state/leaf-certificates.ts';
import { KUBELET_LEAF } from '../../../state/leaf-files.ts';
import type { Of } from '../rule.ts';
import type { Known } from './known.ts';

const OVER = /^certs-over-(\d+)$/;
/** Hosts judge by their own clocks, which agree within an hour unless somebody sets them. */
const TOLERANCE_MS = 60 * 60_000;
const YEAR_MS = 365 * 86_400_000;

/** What a commit says that may make a renewal of certificates right: `leaf/<node>/<end>`, `kubelet/<end>`. */
export function leafFacts({ kind, key, value }: Of<'log.committed'>): readonly string[] {
  if (kind !== 'certificates' || value === null) return [];
  return (value as LeafCertificates).leaves.flatMap(({ name, notAfterWallMs }) => [
    `leaf/${key}/${notAfterWallMs}`,
    ...(name === KUBELET_LEAF ? [`kubelet/${notAfterWallMs}`] : []),
  ]);
}

/** A renewal that nobody ordered, by the name of its unit: safe to repeat, and so begun more than once. */
export function isUnorderedRenewal(unit: string): boolean {
  return unit.startsWith('certs-over-');
}

/** Whether a leaf that the host told of was over by then. */
export function isDueRenewal(
  facts: ReadonlySet<string>,
  unit: string,
  entry: Of<'world'>,
  known: Known,
): boolean {
  const [, notAfterWallMs = ''] = OVER.exec(unit) ?? [];
  const isTold = facts.has(`leaf/${known.nodeIds.get(entry.host)}/${notAfterWallMs}`);
  if (!isTold && !isOverAtOnce(entry.host, known)) return false;
  return isOver(Number(notAfterWallMs), entry, known);
}

/** The simulated kubeadm dates by the right time: what it makes where the clock is a year ahead is over already. */
function isOverAtOnce(host: string, { wallOffsetsMs }: Known): boolean {
  return (wallOffsetsMs.get(host) ?? 0) >= YEAR_MS;
}

/** Whether some kubelet that the log tells of had lost its certificate by then. */
export function isKubeletLost(
  facts: ReadonlySet<string>,
  entry: Of<'world'>,
  known: Known,
): boolean {
  return [...facts].some((fact) => {
    const [kind, notAfterWallMs] = fact.split('/');
    return kind === 'kubelet' && isOver(Number(notAfterWallMs), entry, known);
  });
}

/** By the clock of the host that the entry is about. */
function isOver(
  notAfterWallMs: number,
  { host, atMs }: Of<'world'>,
  { header: { wallAtZeroMs }, wallOffsetsMs }: Known,
): boolean {
  if (wallAtZeroMs === undefined) return true;
  const wallMs = wallAtZeroMs + atMs + (wallOffsetsMs.get(host) ?? 0);
  return notAfterWallMs <= wallMs + TOLERANCE_MS;
}
