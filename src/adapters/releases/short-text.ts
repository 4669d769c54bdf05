/** The text of a stream, of which no more than a little over `mostLetters` is read. */
export async function shortText(
  body: AsyncIterable<Uint8Array>,
  mostLetters: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > mostLetters) break;
  }
  return text;
}
