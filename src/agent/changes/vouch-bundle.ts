import { TerminalError } from '../../errors.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import {
  type Bundle,
  type BundleFile,
  type BundleManifest,
  bundleKey,
  bundleManifestSchema,
} from '../../state/bundle.ts';
import type { Written } from '../../state/local-changes.ts';
import { sameValue } from '../../state/same-value.ts';
import type { ChangePorts } from './change-ports.ts';
import { readBody } from './read-body.ts';

/** Files of bundles on this machine; each has its name only because its sum was right. */
export interface BundleFiles {
  find(sha256: string): Promise<{ readonly bytes: number } | undefined>;
}

/**
 * Has the log vouch for a bundle whose files are all on this machine: from then on every node takes them,
 * from whoever has them. The same one again changes nothing. Rejects with `agent.bad-request`, and with
 * TerminalError `bundle.not-here` when a file is missing.
 */
export async function vouchBundle(
  body: unknown,
  ports: ChangePorts,
  files: BundleFiles,
): Promise<Written> {
  const manifest = readBody(bundleManifestSchema, body);
  for (const file of manifest.files) await refuseMissing(file, files);
  const { version, arch } = manifest;
  const key = bundleKey(manifest);
  const names = manifest.files.map(({ name }) => name);
  const summary = `the bundle of ${version} for ${arch} was loaded: ${names.join(', ')}`;
  const standing = ports.store.get('bundle', key);
  if (standing && isSame(standing.value, manifest)) return { revision: standing.revision, summary };

  const { self, clock, store } = ports;
  const bundle = { ...manifest, loadedBy: self.nodeId, loadedWallMs: Math.round(clock.wallMs()) };
  const reasons = { action: 'load-bundle', summary, guards: [], rejected: [] };
  const decided = { controller: 'people', term: null, about: null, operationId: null, reasons };
  const revision = await keepEvent(ports, decided, () =>
    store.put('bundle', key, bundle, standing?.revision ?? 0),
  );
  return { revision, summary };
}

async function refuseMissing({ name, bytes, sha256 }: BundleFile, files: BundleFiles) {
  if ((await files.find(sha256))?.bytes === bytes) return;
  throw new TerminalError(
    'bundle.not-here',
    `The file ${name} of the bundle is not in the state directory of this node's agent: run \`civitas bundle load\` here, with the same --state-dir as the agent has.`,
  );
}

function isSame({ loadedBy: _by, loadedWallMs: _at, ...standing }: Bundle, given: BundleManifest) {
  return sameValue(standing, given);
}
