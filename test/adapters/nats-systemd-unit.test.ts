import { expect, test } from '@jest/globals';
import { replicaUnit } from '../../src/adapters/nats-systemd-unit.ts';

const lines = (folder: string) =>
  replicaUnit({
    serverName: 'aaaaaaaaaaa-1',
    serverPath: '/var/lib/civitas/bin/nats-server-2.15.1',
    configuration: `${folder}/nats.conf`,
    folder,
  }).split('\n');

test('a replica comes back always but after a boot, and may write to its folder only', () => {
  expect(lines('/var/lib/civitas/log/aaaaaaaaaaa-1')).toEqual(
    expect.arrayContaining([
      'ExecStart="/var/lib/civitas/bin/nats-server-2.15.1" --config "/var/lib/civitas/log/aaaaaaaaaaa-1/nats.conf"',
      'ExecStartPre=-/usr/bin/find "/var/lib/civitas/log/aaaaaaaaaaa-1/store" -path "*/streams/*/msgs/*.db" -delete',
      'Restart=always',
      'StartLimitIntervalSec=0',
      'ProtectSystem=strict',
      'ReadWritePaths="/var/lib/civitas/log/aaaaaaaaaaa-1"',
      'CapabilityBoundingSet=',
    ]),
  );
});

test('a folder with letters that mean something to systemd stays one path', () => {
  expect(lines('/a b/"100%"/$HOME')).toEqual(
    expect.arrayContaining([
      'ExecStart="/var/lib/civitas/bin/nats-server-2.15.1" --config "/a b/\\"100%%\\"/$$HOME/nats.conf"',
      'ReadWritePaths="/a b/\\"100%%\\"/$HOME"',
    ]),
  );
});
