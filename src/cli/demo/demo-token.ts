import { writeFile } from 'node:fs/promises';
import { newToken } from '../token-create.ts';
import { DEMO_MIRROR_URL } from './demo-mirror.ts';

/** The version that simulated hosts come with; others they get from the mirror. */
const SIMULATED_KUBERNETES = 'v1.34.4';

/** Writes the token of a demo cluster to a file that only this user can read. */
export async function writeDemoToken(file: string, nodes: number): Promise<void> {
  const options = { nodes: String(nodes), kubernetes: SIMULATED_KUBERNETES };
  const token = await newToken(options, { binaries: { url: DEMO_MIRROR_URL } });
  await writeFile(file, `${token}\n`, { mode: 0o600 });
}
