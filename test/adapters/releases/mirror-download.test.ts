import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type IncomingFile, incomingFile } from '../../../src/adapters/releases/incoming-file.ts';
import { downloadFile } from '../../../src/adapters/releases/mirror-download.ts';
import { mirrorSum } from '../../../src/adapters/releases/mirror-sum.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { type FakeMirror, startMirror } from '../../support/fake-mirror.ts';
import { tlsOf } from '../../support/tls-certificate.ts';
import { temporaryFolders } from '../temporary-folder.ts';
import { bytesOf, sha256 } from './real-world.ts';

const WHOLE = bytesOf('kubelet');
const HALF = WHOLE.subarray(0, 150_000);
const SUM = sha256(WHOLE);

const temporaryFolder = temporaryFolders();
const clock = createVirtualClock();
let mirror: FakeMirror;
let folder: string;
let incoming: IncomingFile;

beforeEach(async () => {
  mirror = await startMirror();
  mirror.files.set('/kubelet', WHOLE);
  folder = await temporaryFolder();
  const temporary = join(folder, 'incoming');
  incoming = incomingFile({ temporary, path: join(folder, 'kubelet'), sha256: SUM });
});

afterEach(async () => {
  await mirror.stop();
});

interface Given {
  readonly path?: string;
  readonly maxBytes?: number;
}

function download({ path = '/kubelet', maxBytes = 1_000_000 }: Given = {}): Promise<void> {
  const onProgress = (): void => undefined;
  const url = `${mirror.url}${path}`;
  return downloadFile(clock, { url, sha256: SUM, maxBytes, incoming, onProgress });
}

/** Its sum: buffers of that length are compared slowly. */
const fetched = async () => sha256(await readFile(join(folder, 'kubelet')));
/** What is there for the next time. */
const kept = () => incoming.size();

/** Announces all of the file and sends half of it. */
function sendHalf(response: ServerResponse, afterwards: () => void): void {
  response.writeHead(200, { 'content-length': WHOLE.length });
  response.write(HALF, afterwards);
}

describe('a download', () => {
  test('that breaks off goes on where it was', async () => {
    mirror.behave((_, response) => {
      mirror.behave(undefined);
      sendHalf(response, () => response.destroy());
    });
    await download();
    expect(await fetched()).toBe(SUM);
    expect(mirror.asked[0]).toBe('/kubelet all');
    expect(mirror.asked[1]).toMatch(/^\/kubelet bytes=\d+-$/);
  });

  test('that breaks off each time fails, and what came is kept for the next one', async () => {
    mirror.behave((_, response) => {
      sendHalf(response, () => response.destroy());
      mirror.behave((__, later) => later.destroy());
    });
    await expect(download()).rejects.toMatchObject({ code: 'release.mirror', retryable: true });
    expect(await kept()).toBe(HALF.length);
    mirror.behave(undefined);
    await download();
    expect(await fetched()).toBe(SUM);
    expect(mirror.asked.at(-1)).toBe(`/kubelet bytes=${HALF.length}-`);
  });

  test('goes on with what an earlier process left', async () => {
    await incoming.append(HALF);
    await download();
    expect(await fetched()).toBe(SUM);
    expect(mirror.asked).toEqual([`/kubelet bytes=${HALF.length}-`]);
  });

  test('begins again where the mirror knows no parts', async () => {
    await incoming.append(HALF);
    mirror.behave((_, response) => response.writeHead(200).end(WHOLE));
    await download();
    expect(await fetched()).toBe(SUM);
  });

  test('that broke off begins again where the mirror then sends another part', async () => {
    const sendOther = (response: ServerResponse) => {
      mirror.behave(undefined);
      response.writeHead(206, { 'content-range': `bytes 0-9/${WHOLE.length}` });
      response.end(WHOLE.subarray(0, 10));
    };
    mirror.behave((_, response) => {
      mirror.behave((__, later) => sendOther(later));
      sendHalf(response, () => response.destroy());
    });
    await download();
    expect(await fetched()).toBe(SUM);
    expect(mirror.asked.at(-1)).toBe('/kubelet all');
  });

  test('begins again where what is left can not be part of it', async () => {
    await incoming.append(WHOLE);
    await incoming.append(HALF);
    mirror.behave((_, response) => {
      mirror.behave(undefined);
      response.writeHead(416).end();
    });
    await download();
    expect(await fetched()).toBe(SUM);
  });

  test('of which a power cut left other bytes is fetched from its beginning', async () => {
    await incoming.append(Buffer.alloc(HALF.length));
    await download();
    expect(await fetched()).toBe(SUM);
    expect(mirror.asked).toEqual([`/kubelet bytes=${HALF.length}-`, '/kubelet all']);
  });

  test('with other bytes is refused by file and both sums, and nothing is kept', async () => {
    const other = bytesOf('another');
    mirror.files.set('/kubelet', other);
    await expect(download()).rejects.toMatchObject({
      code: 'release.wrong-sum',
      retryable: false,
      message: expect.stringContaining(
        `${mirror.url}/kubelet has the SHA-256 ${sha256(other)} instead of ${SUM}`,
      ),
    });
    expect(await kept()).toBe(0);
    await expect(fetched()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each<{ what: string; send: (response: ServerResponse) => void }>([
    {
      what: 'announces',
      send: (response) => response.writeHead(200, { 'content-length': WHOLE.length }).write('x'),
    },
    { what: 'sends', send: (response) => response.writeHead(200).end(WHOLE) },
  ])('from a mirror that $what too much is refused, and nothing is kept', async ({ send }) => {
    mirror.behave((_, response) => send(response));
    await expect(download({ maxBytes: HALF.length })).rejects.toMatchObject({
      code: 'release.too-large',
      retryable: false,
    });
    expect(await kept()).toBe(0);
  });

  test('that stands still for half a minute ends, and what came is kept', async () => {
    mirror.behave((_, response) => {
      mirror.behave(() => undefined);
      sendHalf(response, () => undefined);
    });
    const ends = expect(download()).rejects.toMatchObject({
      code: 'release.mirror',
      message: expect.stringContaining('less than 16 KiB came within 30 s'),
    });
    while ((await kept()) < HALF.length) await nextTurn();
    await clock.advance(60_000);
    while (mirror.asked.length < 2) await nextTurn();
    await clock.advance(60_000);
    await ends;
    expect(await kept()).toBe(HALF.length);
  });

  test('from a mirror that never answers ends', async () => {
    mirror.behave(() => undefined);
    const ends = expect(download()).rejects.toMatchObject({
      message: expect.stringContaining('less than 16 KiB came within 30 s'),
    });
    while (mirror.asked.length < 1) await nextTurn();
    await clock.advance(60_000);
    await ends;
  });

  test('that trickles ends as one that stands still', async () => {
    mirror.behave((_, response) => {
      mirror.behave(() => undefined);
      response.writeHead(200).write(WHOLE.subarray(0, 100));
    });
    const ends = expect(download()).rejects.toMatchObject({ code: 'release.mirror' });
    while ((await kept()) < 100) await nextTurn();
    await clock.advance(30_000);
    while (mirror.asked.length < 2) await nextTurn();
    await clock.advance(30_000);
    await ends;
    expect(await kept()).toBe(100);
  });

  test('follows where it is sent, up to five times', async () => {
    const lead = (hops: number) => {
      mirror.behave(({ url = '' }, response) => {
        const hop = Number(url.slice(1));
        if (hop === hops) response.writeHead(200).end(WHOLE);
        else response.writeHead(302, { location: `/${hop + 1}` }).end();
      });
    };
    lead(6);
    await expect(download({ path: '/0' })).rejects.toMatchObject({ code: 'release.mirror' });
    expect(mirror.asked).toHaveLength(6);
    lead(5);
    await download({ path: '/0' });
    expect(await fetched()).toBe(SUM);
  });

  test.each([404, 500, 403])('that is answered with %i says so', async (status) => {
    mirror.behave((_, response) => response.writeHead(status).end('no'));
    await expect(download()).rejects.toMatchObject({
      code: 'release.mirror',
      message: expect.stringContaining(`it answers ${status}`),
    });
    expect(await kept()).toBe(0);
  });

  test('of nothing is no file', async () => {
    mirror.behave((_, response) => response.writeHead(200).end());
    await expect(download()).rejects.toMatchObject({ code: 'release.mirror' });
  });
});

describe('a mirror with encryption', () => {
  const trusted = getCACertificates('default');
  const { key, cert, ca } = tlsOf('cluster', 'server');
  let secure: FakeMirror;

  beforeEach(async () => {
    setDefaultCACertificates([...trusted, String(ca)]);
    secure = await startMirror({ key: String(key), cert: String(cert) });
  });

  afterEach(async () => {
    await secure.stop();
    setDefaultCACertificates(trusted);
  });

  test.each([
    { what: 'alone', text: SUM, sum: SUM },
    { what: 'as sha256sum prints it', text: `${SUM}  kubelet\n`, sum: SUM },
  ])('tells the sum of a file $what', async ({ text, sum }) => {
    secure.files.set('/kubelet.sha256', Buffer.from(text));
    expect(await mirrorSum(clock, `${secure.url}/kubelet`)).toBe(sum);
  });

  test.each([SUM.slice(1), `${SUM}0`, SUM.toUpperCase(), '<html>', 'x'.repeat(10_000_000)])(
    'is not believed to tell a sum by other words',
    async (text) => {
      secure.files.set('/kubelet.sha256', Buffer.from(text));
      await expect(mirrorSum(clock, `${secure.url}/kubelet`)).rejects.toMatchObject({
        code: 'release.mirror',
        message: expect.stringContaining('no SHA-256'),
      });
    },
  );

  test('leads to none without', async () => {
    secure.behave((_, response) =>
      response.writeHead(302, { location: `${mirror.url}/kubelet` }).end(),
    );
    await expect(mirrorSum(clock, `${secure.url}/kubelet`)).rejects.toMatchObject({
      code: 'release.mirror',
      message: expect.stringContaining('not encrypted'),
    });
    expect(mirror.asked).toEqual([]);
  });

  test('of another authority is none', async () => {
    setDefaultCACertificates(trusted);
    await expect(mirrorSum(clock, `${secure.url}/kubelet`)).rejects.toMatchObject({
      code: 'release.mirror',
    });
  });
});
