import type { Clock } from '../../ports/clock.ts';
import { mirrorFailed } from '../../state/release-errors.ts';
import { askMirror } from './mirror-request.ts';
import { shortText } from './short-text.ts';

const MOST_LETTERS = 1_024;
const SUM = /^([0-9a-f]{64})(\s|$)/;

/** What a mirror says is the SHA-256 of a file, as dl.k8s.io does. RetryableError `release.mirror`. */
export function mirrorSum(clock: Clock, url: string): Promise<string> {
  const of = `${url}.sha256`;
  return askMirror(clock, { url: of, offset: 0 }, async ({ status, body }) => {
    if (status !== 200) throw mirrorFailed(of, `it answers ${status}`);
    const sum = SUM.exec(await shortText(body, MOST_LETTERS))?.[1];
    if (sum === undefined) throw mirrorFailed(of, 'what it sends is no SHA-256');
    return sum;
  });
}
