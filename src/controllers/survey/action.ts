import type { Survey as Found } from '../../state/survey.ts';

export type Action =
  | { readonly type: 'save-snapshot'; readonly operationId: string }
  | { readonly type: 'report'; readonly survey: Found; readonly ifRevision: number };
