import type { CollectorView } from '../../server/contracts/collectors.ts';

/** A piece of a fact, still without language. */
type Part =
  | { readonly kind: 'age' | 'oldest'; readonly ms: number }
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'megabytes'; readonly used: number; readonly limit: number }
  | { readonly kind: 'count' | 'lost'; readonly count: number }
  | { readonly kind: 'text'; readonly text: string };

export interface Fact {
  readonly name: 'devices' | 'contact' | 'clock' | 'waiting' | 'disk' | 'dropped' | 'refused' | 'problem';
  readonly parts: readonly Part[];
  /** Worth a look. */
  readonly odd: boolean;
}

/** As the rule `collector-clock` has it. */
const skewOddMs = 1_000;
/** A moment's readings are always on their way. */
const waitingOdd = 5_000;
const bytesPerMegabyte = 1_000_000;

/** The facts shown for a collector, normal ones included. Facts that do not apply, such as the spool of one without a spool, are omitted. */
export function factsOf(collector: CollectorView, now: number): Fact[] {
  const { devices, devicesLost, lastContactAt, skewMs, name, spool, state } = collector;
  const facts: Fact[] = [
    {
      name: 'devices',
      parts: [
        { kind: 'count', count: devices },
        ...(devicesLost === 0 ? [] : [{ kind: 'lost' as const, count: devicesLost }]),
      ],
      odd: devicesLost > 0,
    },
  ];
  // The local collector is always in contact and uses the server's clock.
  if (name !== 'local' && lastContactAt !== null)
    facts.push({
      name: 'contact',
      parts: [{ kind: 'age', ms: now - Date.parse(lastContactAt) }],
      odd: state === 'silent',
    });
  if (name !== 'local' && skewMs !== null)
    facts.push({
      name: 'clock',
      parts: [{ kind: 'seconds', seconds: skewMs / 1_000 }],
      odd: Math.abs(skewMs) > skewOddMs,
    });
  return spool === null ? facts : [...facts, ...spoolFacts(spool, now)];
}

function spoolFacts(spool: NonNullable<CollectorView['spool']>, now: number): Fact[] {
  const { readings, oldestAt, bytes, limitBytes, lost, refused, problem } = spool;
  const facts: Fact[] = [
    {
      name: 'waiting',
      parts: [
        { kind: 'count', count: readings },
        ...(oldestAt === null ? [] : [{ kind: 'oldest' as const, ms: now - Date.parse(oldestAt) }]),
      ],
      odd: readings > waitingOdd,
    },
    {
      name: 'disk',
      parts: [{ kind: 'megabytes', used: bytes / bytesPerMegabyte, limit: limitBytes / bytesPerMegabyte }],
      odd: bytes > limitBytes * 0.8,
    },
    { name: 'dropped', parts: [{ kind: 'count', count: lost.readings }], odd: lost.readings > 0 },
  ];
  if (refused.readings > 0)
    facts.push({
      name: 'refused',
      parts: [
        { kind: 'count', count: refused.readings },
        ...(refused.reason === null ? [] : [{ kind: 'text' as const, text: refused.reason }]),
      ],
      odd: true,
    });
  if (problem !== null) facts.push({ name: 'problem', parts: [{ kind: 'text', text: problem }], odd: true });
  return facts;
}
