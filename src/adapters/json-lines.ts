import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/**
 * Calls back with the value of each line that arrives. What `onValue` throws, a line that is no JSON
 * and one longer than `maxLength` characters destroy the socket with that error.
 */
export function receiveLines(
  socket: Socket,
  maxLength: number,
  onValue: (value: unknown) => void,
): void {
  const decoder = new StringDecoder('utf8');
  let begun: string[] = [];
  let length = 0;

  function receive(text: string): void {
    length += text.length;
    begun.push(text);
    if (!text.includes('\n')) {
      refuseLong(length, maxLength);
      return;
    }

    const lines = begun.join('').split('\n');
    begun = [lines.pop() ?? ''];
    length = begun[0]?.length ?? 0;
    for (const line of lines) {
      refuseLong(line.length, maxLength);
      onValue(JSON.parse(line));
    }
  }

  socket.on('data', (chunk: Buffer) => {
    try {
      receive(decoder.write(chunk));
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new TypeError(String(error)));
    }
  });
}

export function sendLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}

function refuseLong(length: number, maxLength: number): void {
  if (length > maxLength) throw new RangeError(`a line is longer than ${maxLength} characters`);
}
