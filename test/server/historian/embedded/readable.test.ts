import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { verify, withChecksum } from '../../../../server/historian/embedded/codec/checksum.ts';
import { readable } from '../../../../server/historian/embedded/readable.ts';

test('a blob that cannot be decoded is a gap, and counted', () => {
  const blob = withChecksum(Uint8Array.of(1, 2, 3));
  const damaged = blob.with(2, 9);
  let gaps = 0;
  const read = (bytes: Uint8Array): number | undefined =>
    readable(
      () => {
        verify(bytes);
        return bytes.length;
      },
      () => {
        gaps += 1;
      },
    );
  expect([read(blob), read(damaged), gaps]).toEqual([5, undefined, 1]);
  expect(readable(() => inflateRawSync(deflateRawSync('x').subarray(1)))).toBeUndefined();
});

test('what the file itself does not give is no gap: nothing may be deleted or written over because of it', () => {
  expect(() =>
    readable(() => {
      throw new Error('disk I/O error');
    }),
  ).toThrow('disk I/O error');
});
