import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { Profile, ValueSpec } from '../schema/profile.ts';
import type { Report } from './report.ts';

/** A state is looked up by its raw value, so nothing that computes with numbers has any effect on it. */
const withoutEffectOnStates = ['scale', 'offset', 'from', 'form', 'counter', 'plausible'] as const;

/** Refuses keys that decoding would ignore: an engineer who wrote one believes that it does something. */
export function checkIgnored(value: ValueSpec, path: Path, report: Report): void {
  if (value.states === undefined) return;
  for (const key of withoutEffectOnStates)
    if (value[key] !== undefined)
      report([...path, key], { found: 'has no effect on states', expected: `no ${key}, or no states` });
}

/** Keys of a value that a protocol never gives a chance: what they apply to does not occur there. */
export function checkIgnoredBy(profile: Profile, value: ValueSpec, path: Path, report: Report): void {
  if (profile.protocol === 'snmp') return;
  const { protocol } = profile;
  const refuse = (key: 'octets' | 'text', why: string): void => {
    if (value[key] !== undefined)
      report([...path, key], {
        found: `has no effect with protocol ${quote(protocol)}`,
        expected: `no ${key}, since ${why}`,
      });
  };
  if (profile.protocol === 'modbus') {
    refuse('octets', 'a register is a number already (type)');
    refuse('text', 'a register is never text');
  } else if (profile.payload === 'json') refuse('octets', 'JSON holds no strings of bytes');
}
