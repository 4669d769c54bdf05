/** The released version; package.json and CHANGELOG.md name the same, checked by a test. */
export const VERSION = '0.1.0';
