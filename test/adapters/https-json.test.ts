import { Agent } from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpsJson } from '../../src/adapters/https-json.ts';
import {
  type Asked,
  type FakeHttpsServer,
  startHttpsServer,
} from '../support/fake-https-server.ts';
import { tlsOf } from '../support/tls-certificate.ts';

const tls = tlsOf('cluster', 'server');

let server: FakeHttpsServer;
let asked: Asked[];
let body: unknown;
let agent: Agent;

beforeEach(async () => {
  asked = [];
  body = { ok: true };
  server = await startHttpsServer(tls, (request) => {
    asked.push(request);
    return { status: 200, body };
  });
  agent = new Agent({ ...tlsOf('cluster', 'client'), keepAlive: true });
});

afterEach(async () => {
  agent.destroy();
  await server.stop();
});

function ask(method: 'GET' | 'POST' | 'DELETE', sent?: unknown) {
  const url = new URL(`https://127.0.0.1:${server.port}/x`);
  return httpsJson({ agent, url, method, body: sent, timeoutMs: 20_000, maxBytes: 100 });
}

describe('a JSON request', () => {
  test.each(['GET', 'POST', 'DELETE'] as const)(
    '%s carries its body, and leaves the connection fit for the next',
    async (method) => {
      await ask(method, { wanted: 1 });
      expect(await ask('GET')).toEqual({ status: 200, body: { ok: true } });
      expect(asked.map((request) => request.body)).toEqual([{ wanted: 1 }, undefined]);
    },
  );

  test('an answer that is no JSON has no body', async () => {
    body = 'ok';
    expect(await ask('GET')).toEqual({ status: 200, body: undefined });
  });

  test('an answer longer than allowed is refused', async () => {
    body = 'x'.repeat(101);
    await expect(ask('GET')).rejects.toThrow('longer than 100 bytes');
  });
});
