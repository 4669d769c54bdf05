import type { Kube } from '../ports/kube.ts';

/**
 * The same API, that calls back each time this host's own API server turns from not answering to ready,
 * as seen by whoever asks for that.
 */
export function noticeReady(kube: Kube, onReady: () => void): Kube {
  let wasReady = true;
  return {
    ...kube,
    async localApiServerReady() {
      const isReady = await kube.localApiServerReady();
      const turned = isReady && !wasReady;
      wasReady = isReady;
      if (turned) onReady();
      return isReady;
    },
  };
}
