import { defined } from '../../core/defined.ts';
import { nearestName } from '../../core/names.ts';
import { type ConfigProblem, quote } from '../problem.ts';
import type { Path, Source } from '../read/source.ts';
import type { Profile, ValueSpec } from '../schema/profile.ts';

interface Finding {
  readonly found: string;
  readonly expected: string;
  readonly nearest?: string | undefined;
}

/** Notes what is wrong at a path of one file. */
export type Report = (path: Path, finding: Finding) => void;

/** A mistake in a row's pattern comes up for every rack of the row: it is reported once. */
export function reporter(
  source: Source,
  problems: ConfigProblem[],
  origin: (path: Path) => Path = (path) => path,
): Report {
  const reported = new Set<string>();
  return (path, finding) => {
    const at = origin(path);
    const key = JSON.stringify([at, finding.found, finding.expected]);
    if (reported.has(key)) return;
    reported.add(key);
    problems.push(
      defined({ file: source.file, line: source.line(at), path: source.describe(at), ...finding }),
    );
  };
}

/** A state is looked up by its raw value, so nothing that computes with numbers has any effect on it. */
const withoutEffectOnStates = ['scale', 'offset', 'from', 'form', 'counter', 'plausible'] as const;

/** Refuses keys that decoding would ignore: the engineer who wrote one expects an effect. */
export function checkIgnored(value: ValueSpec, path: Path, report: Report): void {
  if (value.states === undefined) return;
  for (const key of withoutEffectOnStates)
    if (value[key] !== undefined)
      report([...path, key], { found: 'has no effect on states', expected: `no ${key}, or no states` });
}

/** Keys of a value that a protocol never gives a chance: what they apply to does not occur there. */
export function checkIgnoredBy(profile: Profile, value: ValueSpec, path: Path, report: Report): void {
  if (profile.protocol === 'snmp' || profile.protocol === 'push') return;
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

/** A name that refers to nothing, with the one that may have been meant. */
export function reportUnknown(
  report: Report,
  path: Path,
  what: { readonly name: string; readonly valid: Iterable<string>; readonly expected: string },
): void {
  report(path, {
    found: `${quote(what.name)} is unknown`,
    expected: what.expected,
    nearest: nearestName(what.name, what.valid),
  });
}

/** The environment that secrets are looked up in. */
export type Secrets = Readonly<Record<string, string | undefined>>;

/** A secret that the real field needs must be set; a simulated field needs none. */
export function reportUnset(
  secrets: Secrets | undefined,
  secret: { env: string } | undefined,
  path: Path,
  report: Report,
): void {
  if (secrets === undefined || secret === undefined) return;
  const value = secrets[secret.env];
  if (value === undefined || value === '')
    report([...path, 'env'], {
      found: `environment variable ${secret.env} is not set`,
      expected: 'the secret in it, since the field is real',
    });
}

const shortestKey = 8;

/** SNMP v3 (RFC 3414) allows no passphrase of fewer than 8 characters; agents refuse one. */
export function reportShortKey(
  secrets: Secrets | undefined,
  secret: { env: string } | undefined,
  path: Path,
  report: Report,
): void {
  const value = secret === undefined ? undefined : secrets?.[secret.env];
  if (secret === undefined || value === undefined || value === '' || value.length >= shortestKey) return;
  report([...path, 'env'], {
    found: `environment variable ${secret.env} has ${value.length} characters`,
    expected: `an SNMP v3 key of at least ${shortestKey}`,
  });
}
