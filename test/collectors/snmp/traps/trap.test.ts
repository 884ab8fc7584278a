import { describe, expect, test } from 'vitest';
import { trapOf } from '../../../../collectors/drivers/snmp/traps/decode.ts';

const enterprise = '1.3.6.1.4.1.318';

describe('a trap of v1 is called as RFC 3584 has it', () => {
  test.for([
    [{ generic: 0, specific: 0 }, '1.3.6.1.6.3.1.1.5.1'],
    [{ generic: 2, specific: 99 }, '1.3.6.1.6.3.1.1.5.3'],
    [{ generic: 5, specific: 0 }, '1.3.6.1.6.3.1.1.5.6'],
    [{ generic: 6, specific: 0 }, `${enterprise}.0.0`],
    [{ generic: 6, specific: 276 }, `${enterprise}.0.276`],
    [{ generic: 7, specific: 1 }, undefined],
    [{ generic: -1, specific: 1 }, undefined],
    [{ generic: 6, specific: -1 }, undefined],
  ] as const)('when it is %j', ([kind, oid]) => {
    expect(trapOf({ enterprise, ...kind, varbinds: [] })?.oid).toBe(oid);
  });
});

describe('a trap of v2c or v3', () => {
  const name = '1.3.6.1.6.3.1.1.4.1.0';
  const oidType = 6;

  test('is called by its second varbind', () => {
    const varbinds = [{ oid: name, type: oidType, value: '1.3.6.1.2.1.33.2.1' }];
    expect(trapOf({ varbinds })?.oid).toBe('1.3.6.1.2.1.33.2.1');
  });

  test.for([
    ['without a name', []],
    ['whose name is a number', [{ oid: name, type: 2, value: 33 }]],
    ['whose name is a text', [{ oid: name, type: 4, value: Buffer.from('on battery') }]],
  ] as const)('is none when it comes %s', ([, varbinds]) => {
    expect(trapOf({ varbinds })).toBeUndefined();
  });
});
