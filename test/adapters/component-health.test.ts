import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { answersHealthz } from '../../src/adapters/component-health.ts';
import { tlsOf } from '../support/tls-certificate.ts';

let stop = async () => {};
afterEach(() => stop());

/** A component with a certificate that nobody knows. */
async function component(status: number): Promise<number> {
  const { cert, key } = tlsOf('unknown', 'component');
  const server = createServer({ cert, key }, (request, response) => {
    response.writeHead(request.url === '/healthz' ? status : 404).end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    stop = async () => {};
  };
  return (server.address() as AddressInfo).port;
}

test.each([
  { status: 200, answers: true },
  { status: 500, answers: false },
])('a component that says $status answers: $answers', async ({ status, answers }) => {
  expect(await answersHealthz(await component(status))).toBe(answers);
});

test('one that is gone does not', async () => {
  const port = await component(200);
  await stop();
  expect(await answersHealthz(port)).toBe(false);
});
