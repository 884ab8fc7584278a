import { expect, test } from 'vitest';
import { createHeavyLimits } from '../../../server/http/limits.ts';

const never = new AbortController().signal;

/** Work that ends when the test reports it. */
function controlled() {
  const ends: (() => void)[] = [];
  let begun = 0;
  const work = (): Promise<string> =>
    new Promise((resolve) => {
      begun += 1;
      ends.push(() => resolve('done'));
    });
  return { work, begun: () => begun, endNext: () => ends.shift()?.() };
}

test('one caller runs two at once, waits with four and is refused the next; others go on', async () => {
  const limits = createHeavyLimits({ atOnce: 3 });
  const { work, begun, endNext } = controlled();
  const results = Array.from({ length: 6 }, () => limits.run('greedy', never, work));
  await expect(limits.run('greedy', never, work)).rejects.toMatchObject({
    status: 429,
    headers: { 'Retry-After': '1' },
  });
  expect(begun()).toBe(2);
  const other = limits.run('other', never, work);
  expect(begun()).toBe(3);
  for (let ended = 1; ended <= 7; ended += 1) {
    endNext();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all([...results, other])).toEqual(Array.from({ length: 7 }, () => 'done'));
});

test('who goes while it waits leaves its place; failed work gives its place back', async () => {
  const limits = createHeavyLimits({ perCaller: 1 });
  const { work, begun, endNext } = controlled();
  const first = limits.run('a', never, work);
  const gone = new AbortController();
  const second = limits.run('a', gone.signal, work);
  const third = limits.run('a', never, () => Promise.reject(new Error('broken')));
  const fourth = limits.run('a', never, work);
  gone.abort(new Error('the client has gone'));
  await expect(second).rejects.toThrow('the client has gone');
  endNext();
  await first;
  await expect(third).rejects.toThrow('broken');
  await expect.poll(begun).toBe(2);
  endNext();
  expect(await fourth).toBe('done');
});
