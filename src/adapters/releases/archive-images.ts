import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { TerminalError } from '../../errors.ts';
import { parseJson } from '../../state/parse-json.ts';
import { shortText } from './short-text.ts';
import { tarEntries } from './tar-entries.ts';

const MOST_LETTERS = 1_048_576;

/** Of the OCI image layout 1.1; containerd reads the name from this annotation. */
const indexSchema = z.object({
  manifests: z.array(
    z
      .object({ annotations: z.object({ 'io.containerd.image.name': z.string() }).partial() })
      .partial(),
  ),
});
/** Of `docker save`. */
const dockerSchema = z.array(z.object({ RepoTags: z.array(z.string()).nullish() }));

/** Files that name images, and how. */
const NAMES_IN: ReadonlyMap<string, (content: unknown) => readonly string[]> = new Map([
  ['index.json', namesInIndex],
  ['manifest.json', namesOfDocker],
]);

/**
 * Full names of the images in an archive as `ctr images export` or `docker save` writes it, sorted.
 * TerminalError `bundle.bad-images` where it is none or names none.
 */
export async function imagesInArchive(path: string): Promise<readonly string[]> {
  const names: string[] = [];
  const entries = tarEntries(createReadStream(path), (why) => badImages(path, why));
  for await (const { name, body } of entries) {
    const find = NAMES_IN.get(name);
    if (find) names.push(...find(parseJson(await shortText(body, MOST_LETTERS))));
  }
  if (names.length === 0) throw badImages(path, 'it names no image');
  return [...new Set(names)].sort();
}

function namesInIndex(index: unknown): readonly string[] {
  const { data } = indexSchema.safeParse(index);
  return (data?.manifests ?? []).flatMap(({ annotations }) => {
    return annotations?.['io.containerd.image.name'] ?? [];
  });
}

function namesOfDocker(manifest: unknown): readonly string[] {
  const { data } = dockerSchema.safeParse(manifest);
  return (data ?? []).flatMap(({ RepoTags }) => RepoTags ?? []);
}

function badImages(path: string, why: string): TerminalError {
  return new TerminalError(
    'bundle.bad-images',
    `${path} is no archive of container images (${why}): make it with \`ctr --namespace=k8s.io images export\` or \`docker save\`.`,
  );
}
