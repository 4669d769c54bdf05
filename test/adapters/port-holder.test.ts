import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { portHolder } from '../../src/adapters/port-holder.ts';

async function listenAt(address: string) {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  // A server that listens on TCP has one.
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

describe('the holder of a port', () => {
  test.each(['127.77.3.9', '0.0.0.0', '::'])(
    'is named with its process when it listens at %s',
    async (address) => {
      const { port, close } = await listenAt(address);
      try {
        const holder = await portHolder('127.77.3.9', port);
        expect(holder?.endsWith(` (process ${process.pid})`)).toBe(true);
      } finally {
        close();
      }
    },
  );

  test('is nobody who listens at another address, and nobody once it is closed', async () => {
    const { port, close } = await listenAt('127.77.3.10');
    expect(await portHolder('127.77.3.9', port)).toBeUndefined();
    close();
    expect(await portHolder('127.77.3.10', port)).toBeUndefined();
  });
});
