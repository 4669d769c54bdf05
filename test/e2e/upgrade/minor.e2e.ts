import { describe } from '@jest/globals';
import { upgradeUnderLoad } from './under-load.ts';

const OLD = 'v1.33.13';
const NEW = 'v1.34.4';

describe(`five machines that go from ${OLD} to another minor, ${NEW}`, () => {
  upgradeUnderLoad(
    'all get there with a new etcd, nobody misses an answer, and then the log is quiet',
    {
      from: OLD,
      to: NEW,
    },
  );
});
