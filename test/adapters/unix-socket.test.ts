import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { askSocket, isListening } from '../../src/adapters/unix-socket.ts';
import { temporaryFolders } from './temporary-folder.ts';

const SOON_MS = 20_000;
const newFolder = temporaryFolders();

let path: string;
let server: Server;
let onQuestion: (connection: Socket, question: string) => void;

beforeEach(async () => {
  path = join(await newFolder(), 'socket');
  const options = { allowHalfOpen: true };
  server = createServer(options, (connection) => {
    connection.on('error', () => undefined); // who asked may have gone
    connection.on('data', (chunk) => onQuestion(connection, chunk.toString()));
  }).listen(path);
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
});

describe('a question at a socket', () => {
  test('is answered until the other side closes', async () => {
    onQuestion = (connection, question) => {
      connection.write(`you asked ${question}`);
      connection.end('and that is all\n');
    };
    expect(await askSocket(path, 'why\n', SOON_MS, 100)).toBe('you asked why\nand that is all\n');
  });

  test('where nobody listens is undefined', async () => {
    expect(await askSocket(`${path}-none`, 'why\n', SOON_MS, 100)).toBeUndefined();
    expect(await isListening(`${path}-none`)).toBe(false);
    expect(await isListening(path)).toBe(true);
  });

  test.each([
    {
      when: 'the answer is longer than allowed',
      answer: (connection: Socket) => connection.end('x'.repeat(101)),
    },
    { when: 'no answer comes', answer: () => undefined },
  ])('fails when $when', async ({ answer }) => {
    onQuestion = answer;
    await expect(askSocket(path, 'why\n', 50, 100)).rejects.toMatchObject({
      code: 'socket.failed',
      retryable: true,
    });
  });
});
