import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { askAgent, tellAgent } from '../../src/adapters/local-api-client.ts';
import {
  type LocalApi,
  type LocalChanges,
  serveLocalApi,
} from '../../src/adapters/local-api-server.ts';
import { TerminalError } from '../../src/errors.ts';
import { inNewFolder } from '../support/process-folder.ts';

const api: LocalApi = {
  '/v1/status': async () => ({ phase: 'running' }),
  '/v1/spec': async () => {
    throw new TerminalError('spec.none', 'There is no spec.');
  },
};
const changes: LocalChanges = { '/v1/spec': async (body) => ({ heard: body }) };
const anything = z.unknown();

function served<T>(work: (socketPath: string) => Promise<T>): Promise<T> {
  return inNewFolder(async (folder) => {
    const socketPath = join(folder, 'agent.sock');
    const stop = await serveLocalApi(socketPath, api, changes);
    try {
      return await work(socketPath);
    } finally {
      await stop();
    }
  });
}

/** What no client of ours sends. */
function send(socketPath: string, method: string, path: string, body: string) {
  return new Promise<string>((resolve, reject) => {
    const call = request({ socketPath, method, path }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => {
        const { code } = JSON.parse(text) as { code?: string };
        resolve(`${response.statusCode} ${code ?? text}`);
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

describe("the agent's local API", () => {
  test('answers what is asked, and takes what it is told', async () => {
    await served(async (socketPath) => {
      expect(await askAgent(socketPath, '/v1/status', anything)).toEqual({ phase: 'running' });
      const told = await tellAgent(socketPath, '/v1/spec', { size: 3, name: 'ü' }, anything);
      expect(told).toEqual({ heard: { size: 3, name: 'ü' } });
    });
  });

  test('passes on errors with their codes', async () => {
    await served(async (socketPath) => {
      await expect(askAgent(socketPath, '/v1/spec', anything)).rejects.toMatchObject({
        code: 'spec.none',
        message: 'There is no spec.',
      });
    });
  });

  test.each([
    { method: 'GET', path: '/v1/nothing', body: '', answer: '404 agent.unknown-path' },
    { method: 'GET', path: '/v1/__proto__', body: '', answer: '404 agent.unknown-path' },
    { method: 'POST', path: '/v1/status', body: '{}', answer: '404 agent.unknown-path' },
    { method: 'PUT', path: '/v1/spec', body: '{}', answer: '404 agent.unknown-path' },
    { method: 'POST', path: '/v1/spec', body: '', answer: '400 agent.bad-request' },
    { method: 'POST', path: '/v1/spec', body: '{"size":', answer: '400 agent.bad-request' },
    {
      method: 'POST',
      path: '/v1/spec',
      body: `"${'x'.repeat(2 * 262_144)}"`,
      answer: '400 agent.bad-request',
    },
  ])('answers $method $path with $answer', async ({ method, path, body, answer }) => {
    await served(async (socketPath) => {
      expect(await send(socketPath, method, path, body)).toBe(answer);
      expect(await askAgent(socketPath, '/v1/status', anything)).toEqual({ phase: 'running' });
    });
  });
});
