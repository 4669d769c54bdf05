import { expect, test } from '@jest/globals';
import { parseStat } from '../../src/adapters/haproxy-runtime.ts';

test('a table of servers is read by the names of its columns', () => {
  const table = [
    '# pxname,svname,scur,status,act,bck,addr,',
    'api-servers,aaaaaaaaaaa,7,UP,1,0,10.88.0.1:6443,',
    'api-servers,bbbbbbbbbbb,0,UP 1/2,0,1,10.88.0.2:6443,',
    'api-servers,ccccccccccc,0,DOWN,0,1,[fd00::3]:6443,',
    'api-servers,ddddddddddd,0,MAINT,0,1,10.88.0.4:6443,',
    '',
  ].join('\n');
  const server = { port: 6443, preferred: false, up: false, sessions: 0 };
  expect(parseStat(table)).toEqual([
    {
      ...server,
      name: 'aaaaaaaaaaa',
      address: '10.88.0.1',
      preferred: true,
      up: true,
      status: 'UP',
      sessions: 7,
    },
    { ...server, name: 'bbbbbbbbbbb', address: '10.88.0.2', up: true, status: 'UP 1/2' },
    { ...server, name: 'ccccccccccc', address: 'fd00::3', status: 'DOWN' },
    { ...server, name: 'ddddddddddd', address: '10.88.0.4', status: 'MAINT' },
  ]);
});

test('a backend without servers is an empty list', () => {
  expect(parseStat('# pxname,svname,scur,status,act,bck,addr,\n\n')).toEqual([]);
});
