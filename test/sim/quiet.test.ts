import { expect, test } from '@jest/globals';
import { measureQuiet } from '../../sim/quiet.ts';

test('a quiet cluster is run for as long as asked, judged, and its speed told', async () => {
  const lines: string[] = [];
  const isSound = await measureQuiet(1, (line) => void lines.push(line));
  const told = lines.map((line) => line.replaceAll(/\d+\.\d+/g, '…'));
  expect({ isSound, told }).toEqual({
    isSound: true,
    told: ['5 quiet machines, 1 virtual hours in … minutes of CPU: … virtual hours per minute.'],
  });
});
