import type { Answer, Asked } from './fake-https-server.ts';
import { base64 } from './kubeconfig-files.ts';

const TOKENS = 'type=bootstrap.kubernetes.io/token';

export interface SecretObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels: object };
  readonly data: Readonly<Record<string, string>>;
}

interface NewSecret {
  readonly metadata: { readonly name: string; readonly labels: object };
  readonly stringData: Readonly<Record<string, string>>;
}

/** Secrets of one namespace as an API server keeps them; all are bootstrap tokens. */
export class FakeSecrets {
  readonly objects = new Map<string, SecretObject>();

  readonly answer = ({ method, path, query, body }: Asked): Answer => {
    const name = path.split('/')[6];
    if (method === 'POST') return this.#create(body as NewSecret); // what the test's subject sent
    if (name === undefined) return this.#list(query.get('fieldSelector'));
    const secret = this.objects.get(name);
    if (secret === undefined) return { status: 404, body: {} };
    if (method === 'DELETE') this.objects.delete(name);
    return { status: 200, body: secret };
  };

  #create({ metadata, stringData }: NewSecret): Answer {
    if (this.objects.has(metadata.name)) return { status: 409, body: {} };
    const data = Object.entries(stringData).map(([key, value]) => [key, base64(value)]);
    const uid = `uid-${this.objects.size + 1}`;
    const secret = { metadata: { ...metadata, uid }, data: Object.fromEntries(data) };
    this.objects.set(metadata.name, secret);
    return { status: 201, body: secret };
  }

  #list(fieldSelector: string | null): Answer {
    const items = fieldSelector === TOKENS ? [...this.objects.values()] : [];
    return { status: 200, body: { metadata: {}, items } };
  }
}
