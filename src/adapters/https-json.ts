import { type HttpsTextRequest, httpsText } from './https-text.ts';

export type HttpsJsonRequest = Omit<HttpsTextRequest, 'accept'>;

export interface HttpsJsonAnswer {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly body: unknown;
}

/** One JSON request. Rejects as `httpsText` does. */
export async function httpsJson(asked: HttpsJsonRequest): Promise<HttpsJsonAnswer> {
  const { status, text } = await httpsText({ ...asked, accept: 'application/json' });
  return { status, body: parseJson(text) };
}

/** A proxy's or a probe's answer may be plain text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
