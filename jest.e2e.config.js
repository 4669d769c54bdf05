import base from './jest.config.js';

/** Real machines, real kubeadm: `npm run e2e`, as root, one scenario after the other. */
/** @type {import('jest').Config} */
export default {
  ...base,
  roots: ['<rootDir>/test/e2e'],
  testMatch: ['**/*.e2e.ts'],
  testTimeout: 600_000,
};
