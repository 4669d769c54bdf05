import { RetryableError, TerminalError } from '../errors.ts';
import type { BundleFile } from './bundle.ts';

/** Bytes whose SHA-256 is not the one that was expected; what was fetched is gone by then. */
export function wrongSum(file: string, expected: string, found: string): TerminalError {
  return new TerminalError(
    'release.wrong-sum',
    `${file} has the SHA-256 ${found} instead of ${expected}, so it is not used and nothing of it is kept: find out who changed it, or correct spec.binaries.sha256.`,
  );
}

/** The bundle names that sum itself, so it was changed after it was made. */
export function wrongSumInBundle(
  path: string,
  { name, sha256 }: Pick<BundleFile, 'name' | 'sha256'>,
  found: string,
): TerminalError {
  return new TerminalError(
    'release.wrong-sum',
    `${name} in ${path} has the SHA-256 ${found} instead of ${sha256}, which the bundle itself names, so it is not kept: copy the bundle again, or make it again with \`civitas bundle create\`.`,
  );
}

/** What lies in a folder of people or packages is theirs to mend. */
export function wrongSumInFolder(path: string, expected: string, found: string): TerminalError {
  return new TerminalError(
    'release.wrong-sum',
    `${path} has the SHA-256 ${found} instead of ${expected}, so it is not used: put the right one there, or remove its folder.`,
  );
}

/** A mirror without TLS could send both, a changed program and the sum of it. */
export function noSum(url: string, key: string): TerminalError {
  return new TerminalError(
    'release.no-sum',
    `${url} is not encrypted, so it can not vouch for what it sends: name the SHA-256 of ${key} in spec.binaries.sha256.`,
  );
}

/** Neither folders, nor a mirror, nor any node that answered has it. */
export function nowhere(what: string): RetryableError {
  return new RetryableError(
    'release.nowhere',
    `Nobody who could be asked has ${what}: run \`civitas bundle load\` on any node, name spec.binaries.url, or put kubeadm, kubelet and kubectl into /opt/k8s/<version>.`,
  );
}

/** It does not answer, or not with what was asked for. */
export function mirrorFailed(url: string, why: string, cause?: unknown): RetryableError {
  const message = `${url} can not be fetched (${why}): look at that mirror, and at spec.binaries.url.`;
  return new RetryableError('release.mirror', message, { cause });
}

/** More bytes than such a file can have; what came of it is gone. */
export function tooLarge(file: string, mostBytes: number): TerminalError {
  return new TerminalError(
    'release.too-large',
    `${file} has more than ${mostBytes} bytes, so it can not be what it should: look at where it comes from.`,
  );
}
