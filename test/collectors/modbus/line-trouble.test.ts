import { expect, test } from 'vitest';
import { lineTrouble } from '../../../collectors/drivers/modbus/line-trouble.ts';

test.each([
  [
    'Error: No such file or directory, cannot open /dev/x',
    /no such device \/dev\/x: is the adapter plugged in/,
  ],
  ['Error: Permission denied, cannot open /dev/x', /group dialout/],
  ['Error Resource temporarily unavailable Cannot lock port', /\/dev\/x is busy/],
  ['Error: Inappropriate ioctl for device, cannot get', /is no serial line/],
  ['Reading from COM port (ReadIOCompletion): Disconnected', /unplugged/],
  ['something else', /^\/dev\/x: something else$/],
])('%s is explained', (said, expected) => {
  const trouble = lineTrouble({ path: '/dev/x' }, new Error(said));
  expect(trouble.message).toMatch(expected);
  expect(trouble.kind).toBe('refused');
});
