import { writeFile } from 'node:fs/promises';
import { newToken } from '../token-create.ts';

/** The version that simulated hosts have binaries of. */
const SIMULATED_KUBERNETES = 'v1.34.4';

/** Writes the token of a demo cluster to a file that only this user can read. */
export async function writeDemoToken(file: string, nodes: number): Promise<void> {
  const token = await newToken({ nodes: String(nodes), kubernetes: SIMULATED_KUBERNETES });
  await writeFile(file, `${token}\n`, { mode: 0o600 });
}
