import { describe } from '@jest/globals';
import { upgradeUnderLoad } from './under-load.ts';

const OLD = 'v1.34.3';
const NEW = 'v1.34.4';

describe(`five machines that go from ${OLD} to ${NEW}`, () => {
  upgradeUnderLoad('all get there, nobody misses an answer, and then the log is quiet', {
    from: OLD,
    to: NEW,
  });
});
