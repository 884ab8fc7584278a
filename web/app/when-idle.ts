/** How long work may be put off, ms. */
const patienceMs = 2_000;

/** Runs work once the page has nothing more urgent to do. Not every browser can tell (Safari): there it runs at once. */
export function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: patienceMs });
  else setTimeout(work);
}
