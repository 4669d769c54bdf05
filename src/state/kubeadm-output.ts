const MAX_REASON_LENGTH = 400;

/** What kubeadm prints around its errors; the lines are no API, so they serve people only. */
const TELLING = /error execution phase|\[ERROR|^error:|could not|couldn't|failed|timed out/i;

/** Bootstrap tokens, certificate keys and PEM blocks. */
const SECRETS =
  /\b[a-z0-9]{6}\.[a-z0-9]{16}\b|\b[0-9a-f]{64}\b|-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)/g;

/** Why kubeadm failed, from the last lines it wrote: bounded, on one line, without secrets (S12). */
export function failureReason(output: string): string {
  const lines = output
    .replace(SECRETS, '***')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => TELLING.test(line));
  const chosen = telling.length > 0 ? telling.slice(-3) : lines.slice(-1);
  return chosen.join(' | ').slice(0, MAX_REASON_LENGTH) || 'kubeadm said nothing';
}
