import { describe, expect, it } from 'vitest';
import { permitRefusal } from '../../../server/access/permits.ts';
import { shippedModel } from '../support/server.ts';

const { topology } = shippedModel();
const nothing = { impaired: new Set<string>(), permits: [] };

describe('a permit that takes things out of service', () => {
  it('can be approved while the other feed carries', () => {
    expect(permitRefusal(topology, ['dc/ups-a1', 'dc/ups-a2'], nothing)).toBeUndefined();
    expect(permitRefusal(topology, ['dc/pac-01'], nothing)).toBeUndefined();
  });

  it('is refused while the UPSs of the other feed are in alarm, with the reason', () => {
    const impaired = new Set(['dc/ups-b1', 'dc/ups-b2']);
    expect(permitRefusal(topology, ['dc/ups-a1', 'dc/ups-a2'], { impaired, permits: [] })).toBe(
      'takesOut: without dc/ups-a1, dc/ups-a2 264 racks, dc/rack-a01 the first of them, would be dark, since dc/ups-b1, dc/ups-b2 are in alarm or out of service; choose another time, or have that put right first',
    );
    // One of two on the other feed still carries it.
    expect(
      permitRefusal(topology, ['dc/ups-a1', 'dc/ups-a2'], { impaired: new Set(['dc/ups-b1']), permits: [] }),
    ).toBeUndefined();
  });

  it('is refused when it darkens a rack together with another permit', () => {
    const permits = [{ ticket: 't-1', out: ['dc/pdu-a01-b'] }];
    expect(permitRefusal(topology, ['dc/pdu-a01-a'], { ...nothing, permits })).toContain(
      'dc/rack-a01 would be dark, since ticket t-1 takes out dc/pdu-a01-b in an overlapping window',
    );
  });

  it('is refused when it darkens racks by itself', () => {
    expect(permitRefusal(topology, ['dc/ats-a', 'dc/ats-b'], nothing)).toMatch(/^takesOut: without dc\/ats-a, dc\/ats-b 264 racks/);
  });
}); // prettier-ignore
