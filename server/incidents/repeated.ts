type Work<Result> = () => Promise<Result>;

/**
 * Does a piece of work once for each key: what comes again while it is being done, or soon after, gets the first one's result. What
 * failed may be tried again. Older keys than the latest `most` are for the store to know.
 */
export function createRepeated<Result>(most = 1_000): (key: string, work: Work<Result>) => Promise<Result> {
  const done = new Map<string, Promise<Result>>();
  return (key, work) => {
    const known = done.get(key);
    if (known !== undefined) return known;
    const result = work();
    done.set(key, result);
    const [oldest] = done.keys();
    if (done.size > most && oldest !== undefined) done.delete(oldest);
    result.catch(() => done.delete(key));
    return result;
  };
}
