import { describe, expect, test } from '@jest/globals';
import type { Kube } from '../../src/ports/kube.ts';
import { noticeReady } from '../../src/runtime/own-api-server.ts';

const [no, yes] = [false, true];

/** An API that gives these answers, one after the other. */
function answering(answers: readonly boolean[]): Kube {
  const left = [...answers];
  // Nobody asks anything else here.
  return { localApiServerReady: async () => left.shift() ?? false } as Partial<Kube> as Kube;
}

describe("this host's own API server", () => {
  test.each([
    { when: 'was there all along', answers: [yes, yes, yes], told: 0 },
    { when: 'never comes', answers: [no, no, no], told: 0 },
    { when: 'ends', answers: [yes, no], told: 0 },
    { when: 'starts', answers: [no, no, yes, yes], told: 1 },
    { when: 'is started again', answers: [yes, no, yes, yes], told: 1 },
    { when: 'comes and goes', answers: [no, yes, no, yes], told: 2 },
  ])('is told to be ready $told times when it $when', async ({ answers, told }) => {
    let calls = 0;
    const kube = noticeReady(answering(answers), () => {
      calls += 1;
    });
    const heard: boolean[] = [];
    for (const _ of answers) heard.push(await kube.localApiServerReady());
    expect({ heard, calls }).toEqual({ heard: answers, calls: told });
  });
});
