import { CivitasError } from '../../errors.ts';

type Answer<T> = { readonly state: 'answered'; readonly value: T } | { readonly state: 'silent' };

/** What the API server said; `silent` when none answered, or one refused. */
export async function answered<T>(question: Promise<T>): Promise<Answer<T>> {
  try {
    return { state: 'answered', value: await question };
  } catch (error) {
    if (error instanceof CivitasError && error.code.startsWith('kube.')) return { state: 'silent' };
    throw error;
  }
}
