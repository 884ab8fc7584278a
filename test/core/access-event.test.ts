import { describe, expect, it } from 'vitest';
import { parseAccessEvent } from '../../core/access-event.ts';
import type { FieldEvent } from '../../core/field-event.ts';

function fieldEvent(kind: string, attributes: FieldEvent['attributes'] = {}): FieldEvent {
  return { id: `dc/door-1#${kind}`, source: 'dc/door-1', at: 1_790_000_000_000, kind, attributes };
}

describe('parseAccessEvent', () => {
  it('types the attributes of a door event', () => {
    const parsed = parseAccessEvent(
      fieldEvent('access-granted', {
        part: 'door-1',
        card: 8165537,
        method: 'card',
        direction: 'in',
        reason: 'swipe',
        controller: 405419896,
        number: '69',
        'clock-offset': -120,
      }),
    );
    expect(parsed).toMatchObject({
      kind: 'access-granted',
      part: 'door-1',
      card: '8165537',
      method: 'card',
      direction: 'in',
      reason: 'swipe',
      controller: '405419896',
      number: 69,
      clockOffsetMs: -120,
    });
  });

  it('leaves out what a controller did not report, or reported in another form', () => {
    const parsed = parseAccessEvent(
      fieldEvent('access-denied', { card: null, method: 'iris', direction: 3, number: 'x', door: 7 }),
    );
    expect(parsed).toMatchObject({
      part: undefined,
      card: undefined,
      method: undefined,
      direction: undefined,
      number: undefined,
      door: '7',
    });
  });

  it('reads which numbers were missed', () => {
    const missed = { from: 12, to: 14, count: 3 };
    expect(parseAccessEvent(fieldEvent('events-missed', missed))?.missed).toEqual(missed);
    expect(parseAccessEvent(fieldEvent('events-missed', { from: 14, to: 12 }))?.missed).toBeUndefined();
  });

  it('is undefined when the event is about something else', () => {
    expect(parseAccessEvent(fieldEvent('alarm'))).toBeUndefined();
  });
});
