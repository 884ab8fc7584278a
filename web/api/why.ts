import { ApiError } from './client.ts';

/** Which text of `error.` says why a request failed; what the server wrote goes beside it. */
export function whyKey(
  error: Error,
): 'offline' | 'signedOut' | 'forbidden' | 'missing' | 'refused' | 'busy' | 'server' {
  if (!(error instanceof ApiError)) return 'server';
  const { status } = error;
  if (status === 0) return 'offline';
  if (status === 401) return 'signedOut';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'missing';
  if (status === 429 || status === 503 || status === 504) return 'busy';
  return status < 500 ? 'refused' : 'server';
}

/** The server's own words, for the errors where they say more than ours. */
export function detailOf(error: Error): string | null {
  return error instanceof ApiError ? (error.problem?.detail ?? null) : null;
}
