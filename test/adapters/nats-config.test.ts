import { expect, test } from '@jest/globals';
import { endpoint, replicaConfig } from '../../src/adapters/nats-config.ts';
import { genesisRecord } from '../support/genesis-record.ts';

const record = genesisRecord();
const replica = record.replicas[1];

test('a replica listens on its own address, routes to all three and syncs each entry', () => {
  if (!replica) throw new Error('the record has three replicas');
  const config = { replica, record, folder: '/f', clientKey: 'UCLIENT', systemKey: 'USYSTEM' };
  expect(replicaConfig(config)).toBe(`server_name: "bbbbbbbbbbb-1"
listen: "10.0.0.2:4222"
max_payload: 1MB
ping_interval: "5s"
ping_max: 2
logtime: false
tls { cert_file: "/f/replica.pem", key_file: "/f/replica.key", ca_file: "/f/ca.pem", verify: true, min_version: "1.3", timeout: 5 }
jetstream {
  store_dir: "/f/store"
  max_memory_store: 64MB
  max_file_store: 1GB
  sync_interval: always
  limits { default_max_consumers: -1 }
}
cluster {
  name: "civ-0d5ba1ab-0000-4000-8000-000000000000-e1"
  listen: "10.0.0.2:6222"
  tls { cert_file: "/f/replica.pem", key_file: "/f/replica.key", ca_file: "/f/ca.pem", verify: true, min_version: "1.3", timeout: 5 }
  routes: [ "tls://10.0.0.1:6222", "tls://10.0.0.2:6222", "tls://10.0.0.3:6222" ]
}
accounts {
  SYS { users: [ { nkey: USYSTEM } ] }
  CIV { jetstream: enabled, users: [ { nkey: UCLIENT } ] }
}
system_account: SYS
`);
});

test('a folder with quotes stays one word', () => {
  if (!replica) throw new Error('the record has three replicas');
  const config = { replica, record, folder: '/a "b"\\c', clientKey: 'U', systemKey: 'U' };
  expect(replicaConfig(config)).toContain('store_dir: "/a \\"b\\"\\\\c/store"');
});

test.each([
  { address: '10.0.0.1', text: '10.0.0.1:4222' },
  { address: 'fd00::1', text: '[fd00::1]:4222' },
])('the endpoint of $address is $text', ({ address, text }) => {
  expect(endpoint(address, 4222)).toBe(text);
});
