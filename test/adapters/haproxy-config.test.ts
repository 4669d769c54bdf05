import { describe, expect, test } from '@jest/globals';
import {
  isRendered,
  parseHaproxyServers,
  renderHaproxyConfig,
  serverWords,
} from '../../src/adapters/haproxy-config.ts';

const settings = { endpoint: '127.0.0.1:7443', socketPath: '/run/admin.sock', workerId: 65_534 };

const own = { name: 'aaaaaaaaaaa', address: '10.88.0.1', port: 6443, preferred: true };
const other = { name: 'bbbbbbbbbbb', address: '10.88.0.2', port: 6443, preferred: false };
const v6 = { name: 'ccccccccccc', address: 'fd00::3', port: 6443, preferred: false };

describe('haproxy configuration', () => {
  test.each([
    { when: 'no server is known yet', servers: [] },
    { when: 'a control plane prefers its own', servers: [own, other] },
    { when: 'a server has an IPv6 address', servers: [v6] },
  ])('names the servers it was rendered from when $when', ({ servers }) => {
    expect(parseHaproxyServers(renderHaproxyConfig(settings, servers))).toEqual(servers);
  });

  test('listens where it is told to, and nowhere else', () => {
    const binds = renderHaproxyConfig(settings, [own]).match(/^\s*bind .*/gm);
    expect(binds).toEqual(['  bind 127.0.0.1:7443']);
  });

  test.each<{ what: string; change: (config: string) => string; isOurs: boolean }>([
    { what: 'as it was rendered', change: (config) => config, isOurs: true },
    {
      what: 'with another time-out',
      change: (config) => config.replace('timeout client 4h', 'timeout client 1m'),
      isOurs: false,
    },
    {
      what: 'with a server that has a name for an address',
      change: (config) => config.replace('10.88.0.1', 'example.org'),
      isOurs: false,
    },
    { what: 'empty', change: () => '', isOurs: false },
  ])('tells what somebody changed: a file $what', ({ change, isOurs }) => {
    const config = renderHaproxyConfig(settings, [own, other]);
    expect(isRendered(settings, change(config))).toBe(isOurs);
  });

  test('the worker keeps its user where the process is not started as root', () => {
    const config = renderHaproxyConfig({ ...settings, workerId: null }, []);
    expect(config).not.toMatch(/^\s*[ug]id /m);
  });

  test.each([
    { ...own, name: 'n1; shutdown sessions server api-servers/n2' },
    { ...own, name: 'n1\n' },
    { ...own, address: 'example.org' },
    { ...own, address: '10.0.0.1 disabled' },
  ])('a server that would be more than one word is refused: %j', (server) => {
    expect(() => serverWords(server)).toThrow(
      expect.objectContaining({ code: 'balancer.bad-server', retryable: false }),
    );
  });
});
