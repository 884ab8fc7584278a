import { expect, test } from 'vitest';
import {
  afterAsking,
  mayAsk,
  rebirthCommand,
  unasked,
} from '../../../../collectors/drivers/mqtt/sparkplug/member.ts';

test('a rebirth command is what the standard says, byte by byte', () => {
  // Written by Google's own protobuf (Debian's python3-protobuf 3.21) from the standard's schema.
  expect(rebirthCommand(1_764_000_000_000).toString('hex')).toBe(
    '0880d0dfb4ab3312210a144e6f646520436f6e74726f6c2f526562697274681880d0dfb4ab33200b7001',
  );
});

test('a node is asked more and more rarely when it is wanted all the time, and anew after a calm', () => {
  const asked: number[] = [];
  let pace = unasked;
  for (let now = 0; now <= 3_600_000; now += 1_000)
    if (mayAsk(pace, now)) {
      asked.push(now / 1_000);
      pace = afterAsking(pace, now);
    }
  expect(asked).toEqual([0, 10, 30, 70, 150, 310, 630, 1_230, 1_830, 2_430, 3_030]);
  expect(afterAsking(pace, 10_000_000).waitMs).toBe(10_000);
});
