import { openProcessRoom } from '../support/process-room.ts';
const room = await openProcessRoom();
const t0 = performance.now();
const s = (m: string) => process.stdout.write(`${((performance.now() - t0) / 1000).toFixed(2)} ${m}\n`);
try {
  const tokenFile = await room.token();
  const a = room.start({ tokenFile, number: 1 });
  await a.sees('any', () => true); s('answers');
  await a.sees('formed', (v) => v.phase !== 'forming'); s('formed');
  await a.sees('running', (v) => v.phase === 'running'); s('running');
  const v = await a.sees('whole', (v) => v.whole); s('whole');
  s(JSON.stringify(v));
  await a.stop(); s('stopped');
  a.start();
  await a.sees('any', () => true); s('answers');
  await a.sees('running', (v) => v.phase === 'running'); s('running');
  await a.kill(); s('killed');
  a.start();
  await a.sees('any', () => true); s('answers');
  await a.sees('running', (v) => v.phase === 'running'); s('running');
} finally { await room.close(); s('closed'); }
