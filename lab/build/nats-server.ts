import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureNatsServer } from '../../src/adapters/nats-server-binary.ts';
import { NATS_VERSION } from '../../src/adapters/nats-server-release.ts';
import { say } from '../progress.ts';
import { type Artefact, keyOf } from './artefact.ts';

/** nats-server as civitas itself finds or fetches it; machines see it as /opt/nats/nats-server. */
export function natsServer(): Artefact {
  return {
    name: 'nats',
    title: `nats-server ${NATS_VERSION} or newer`,
    key: keyOf(NATS_VERSION),
    make: async (folder) => {
      const { path } = await ensureNatsServer({ onProgress: say });
      await copyFile(path, join(folder, 'nats-server'));
    },
  };
}
