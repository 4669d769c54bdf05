import { createReadStream } from 'node:fs';

/**
 * The text of a file, or of standard input where the file is `-`. Stops soon after `mostLength`
 * characters, so that a wrong path (a disk, /dev/zero) costs no memory: longer text is cut off, but
 * never to `mostLength` or less. Rejects as the file system does.
 */
export async function readText(file: string, mostLength: number): Promise<string> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > mostLength) break;
  }
  return text;
}
