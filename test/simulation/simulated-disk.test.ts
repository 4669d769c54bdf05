import { describe, expect, test } from '@jest/globals';
import {
  emptyDisk,
  emptyFolder,
  listFolder,
  loseUnsynced,
  putFile,
  readFile,
  type SimulatedDisk,
  syncBelow,
} from '../../src/simulation/simulated-disk.ts';

const LONG_AGO_MS = 40_000;

describe('the simulated disk', () => {
  test.each<{
    when: string;
    writes: readonly [string, number, boolean][];
    left: string | undefined;
  }>([
    { when: 'a file was synced', writes: [['new', 0, true]], left: 'new' },
    { when: 'a new file was not synced', writes: [['new', 0, false]], left: undefined },
    {
      when: 'an old file was overwritten without sync',
      writes: [
        ['old', -LONG_AGO_MS, true],
        ['new', 0, false],
      ],
      left: 'old',
    },
    {
      when: 'it was overwritten twice without sync',
      writes: [
        ['old', -LONG_AGO_MS, true],
        ['newer', 0, false],
        ['newest', 0, false],
      ],
      left: 'old',
    },
    {
      when: 'the kernel had the time to write it back',
      writes: [['new', -LONG_AGO_MS, false]],
      left: 'new',
    },
    {
      when: 'only the first of two was written back',
      writes: [
        ['old', -LONG_AGO_MS, false],
        ['new', 0, false],
      ],
      left: 'old',
    },
  ])('has $left after a power cut when $when', ({ writes, left }) => {
    const disk = emptyDisk();
    for (const [content, nowMs, synced] of writes) {
      putFile(disk, '/a', { content, mode: 0o600, nowMs: LONG_AGO_MS + nowMs, synced });
    }
    loseUnsynced(disk, LONG_AGO_MS + 1);
    expect(readFile(disk, '/a')).toBe(left);
  });

  test('may keep more of one file than of another after a power cut', () => {
    const disk = emptyDisk();
    const write = { content: 'new', mode: 0o600, nowMs: 0, synced: false };
    putFile(disk, '/safe', { ...write, synced: true });
    for (const path of ['/old', '/empty', '/new']) putFile(disk, path, write);
    const remains = (['old', 'empty', 'new'] as const).values();
    loseUnsynced(disk, 1, () => remains.next().value ?? 'old');
    loseUnsynced(disk, 2);
    const left = ['/safe', '/old', '/empty', '/new'].map((path) => readFile(disk, path));
    expect(left).toEqual(['new', undefined, '', 'new']);
  });

  test('keeps what was synced below a path, and nothing else of what was written', () => {
    const disk = emptyDisk();
    const write = { content: '', mode: 0o600, nowMs: 0, synced: false };
    for (const path of ['/a/b/1', '/a/b', '/a/bc', '/c']) putFile(disk, path, write);
    const synced = [syncBelow(disk, ['/a/b', '/none']), syncBelow(disk, ['/a/b'])];
    loseUnsynced(disk, 1);
    expect([synced, [...disk.files.keys()]]).toEqual([
      [['/a/b/1', '/a/b'], []],
      ['/a/b/1', '/a/b'],
    ]);
  });

  test('lists files and folders, and empties a folder but keeps it', () => {
    const disk = emptyDisk();
    for (const path of ['/etc/b/1', '/etc/b/2', '/etc/bc', '/etc/a']) write(disk, path);
    const before = [listFolder(disk, '/etc'), listFolder(disk, '/etc/b'), listFolder(disk, '/usr')];
    emptyFolder(disk, '/etc/b');
    expect([before, listFolder(disk, '/etc'), listFolder(disk, '/etc/b')]).toEqual([
      [['a', 'b', 'bc'], ['1', '2'], []],
      ['a', 'b', 'bc'],
      [],
    ]);
  });
});

function write(disk: SimulatedDisk, path: string): void {
  putFile(disk, path, { content: '', mode: 0o600, nowMs: 0, synced: true });
}
