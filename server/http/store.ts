import { UnavailableError } from '../../core/unavailable.ts';
import { ProblemError } from './problem.ts';

/** The store failed, not the request: 503, so that the client tries again. The cause goes to the log. */
export async function fromStore<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    const reason = cause instanceof UnavailableError ? `: ${cause.message}` : '';
    throw new ProblemError(503, {
      detail: `the history store does not answer${reason}; see GET health`,
      cause,
    });
  }
}

/** The same for what comes in parts. */
export async function* fromStoreEach<Part>(parts: AsyncGenerator<Part>): AsyncGenerator<Part> {
  try {
    for (let next = await fromStore(parts.next()); next.done !== true; next = await fromStore(parts.next()))
      yield next.value;
  } finally {
    await parts.return(undefined);
  }
}
