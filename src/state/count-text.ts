/** `1 node`, `3 nodes`: for words whose plural ends in -s. */
export function countText(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}
