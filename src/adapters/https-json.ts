import { parseJson } from '../state/parse-json.ts';
import { type HttpsTextRequest, httpsText } from './https-text.ts';

/** `accept`: of which kind of JSON; absent: any. */
export type HttpsJsonRequest = Omit<HttpsTextRequest, 'accept'> &
  Partial<Pick<HttpsTextRequest, 'accept'>>;

export interface HttpsJsonAnswer {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly body: unknown;
}

/** One JSON request. Rejects as `httpsText` does. */
export async function httpsJson(asked: HttpsJsonRequest): Promise<HttpsJsonAnswer> {
  const { status, text } = await httpsText({ accept: 'application/json', ...asked });
  // A proxy's or a probe's answer may be plain text.
  return { status, body: parseJson(text) };
}
