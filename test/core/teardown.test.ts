import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createTeardown } from '../../core/teardown.ts';

it('closes in reverse order and goes on when one fails', async () => {
  const closed: string[] = [];
  const teardown = createTeardown(pino({ level: 'silent' }));
  teardown.add('first', () => void closed.push('first'));
  teardown.add('broken', () => Promise.reject(new Error('stuck')));
  teardown.add('last', async () => void closed.push('last'));
  await teardown.run();
  await teardown.run();
  expect(closed).toEqual(['last', 'first']);
});
