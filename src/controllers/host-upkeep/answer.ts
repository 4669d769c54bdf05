import { isUnanswered } from '../../runtime/unanswered.ts';

/** What was answered; undefined as well when nobody did. Other errors go on. */
export async function answered<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (isUnanswered(error)) return undefined;
    throw error;
  }
}
