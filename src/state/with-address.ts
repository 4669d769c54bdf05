/**
 * The text with one IPv4 address instead of another, wherever that stands as a whole: `10.0.0.1` is not part
 * of `10.0.0.12`, nor of `110.0.0.1`.
 */
export function withAddress(text: string, former: string, address: string): string {
  const whole = new RegExp(`(?<![\\d.])${former.replaceAll('.', '\\.')}(?!\\d|\\.\\d)`, 'g');
  return text.replace(whole, address);
}
