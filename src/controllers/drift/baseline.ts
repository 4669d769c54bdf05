import { z } from 'zod';

/** Operations that a host was last changed by, as the log knows them. */
const markSchema = z.strictObject({
  /** What gave it its role. */
  assignment: z.string().max(64),
  /** The last order that changed what it runs; null when there was none. */
  order: z.string().max(64).nullable(),
});

/**
 * How a host's files were left by the last operation of ours that changed them. `pending` names one
 * that was seen under way: only its end makes a new baseline, so that what was found standing there
 * at some later time is never taken for what we left (S17). `of` is null where there is none.
 */
export const baselineSchema = z.strictObject({
  pending: z.string().max(64).nullable(),
  of: markSchema.nullable(),
  files: z.array(z.strictObject({ path: z.string(), content: z.string() })),
});

export type Baseline = z.infer<typeof baselineSchema>;

/** As the log tells it now; `unknown` of an order: the last one did not change the host. */
export interface Mark {
  readonly assignment: string;
  readonly order: string | null | 'unknown';
}

export const NO_BASELINE: Baseline = { pending: null, of: null, files: [] };

/**
 * Whether the baseline is of what the host was last changed by. One from a backup of the state
 * directory may be of long ago: what it knows must not be put back.
 */
export function isOf({ of }: Baseline, { assignment, order }: Mark): boolean {
  return of?.assignment === assignment && (order === 'unknown' || of.order === order);
}

/** Whether an operation that was seen under way is what the host was last changed by. */
export function isEnding(pending: string, { assignment, order }: Mark): boolean {
  return order === 'unknown' || pending === order || pending === assignment;
}

interface Taken {
  readonly before: Baseline;
  readonly mark: Mark;
  /** By path; undefined where there is no such file. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Paths that deviate still just as they did before the operation: it did not write them. */
  readonly deviating: ReadonlySet<string>;
}

/** The baseline after an operation: what was changed by hand, and not by it, is none. */
export function nextBaseline({ before, mark, files, deviating }: Taken): Baseline {
  const former = new Map(before.files.map(({ path, content }) => [path, content]));
  const left = [...files].flatMap(([path, present]) => {
    const content = deviating.has(path) ? former.get(path) : present;
    return content === undefined ? [] : [{ path, content }];
  });
  const { assignment } = mark;
  const order = mark.order === 'unknown' ? (before.of?.order ?? null) : mark.order;
  return { pending: null, of: { assignment, order }, files: left };
}
