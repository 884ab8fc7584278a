import { describe, expect, test } from 'vitest';
import { canJudge, coverage } from '../../config/alarms/coverage.ts';
import { loadLibraryPart, shippedLibrary } from '../../config/read/files.ts';
import { ruleFileSchema } from '../../config/schema/rule.ts';
import { libraryProfiles, pointsOfProfile } from '../support/profile-points.ts';

const library = shippedLibrary();
const rules = loadLibraryPart({ dir: library, library }, 'rules', ruleFileSchema).flatMap(
  ({ value }) => value?.rules ?? [],
);
const profiles = libraryProfiles();
const covered = coverage(profiles, rules);

/** What a device says of danger or of itself that somebody has to act on. */
const safety = new Set([
  'leak', 'smoke', 'alarm-level', 'fire-alarm', 'heat-alarm', 'gas-alarm', 'gas-release', 'co2-release', 'door-state', 'tamper',
  'isolated', 'fault', 'breaker-state', 'source-1-switch', 'source-2-switch', 'redundancy', 'overcurrent', 'supply-5v',
  'battery-status', 'battery-low', 'battery-test', 'battery-replacement', 'battery-failure', 'battery-aged', 'battery-not-present',
  'battery-breaker', 'overload', 'emergency-shutdown', 'on-bypass', 'load-state', 'system-state', 'alarm-status', 'unit-status',
  'general-alarm', 'bus-alarm', 'high-water-in-pan', 'loss-of-airflow', 'fan-overload', 'compressor-high-pressure', 'change-filter',
]); // prettier-ignore
/** Said once more by a UPS that says it by the source of its output, the state of its battery or a test's result already. */
const saidAlready = new Set([
  'alarm-on-battery', 'alarm-low-battery', 'alarm-depleted-battery', 'alarm-battery-discharged', 'alarm-on-bypass', 'alarm-output-off',
  'alarm-output-off-as-requested', 'alarm-ups-off-as-requested', 'alarm-ups-output-off', 'alarm-ups-system-off', 'alarm-input-bad',
  'alarm-input-failure', 'alarm-awaiting-power', 'alarm-test-in-progress',
]); // prettier-ignore
const isSafety = (quantity: string): boolean =>
  safety.has(quantity) || (quantity.startsWith('alarm-') && !saidAlready.has(quantity));

describe('what profiles read and rules judge', () => {
  test('no safety quantity of any profile is judged by nothing', () => {
    const unheard = profiles.flatMap((profile) =>
      pointsOfProfile(profile)
        .filter(({ quantity }) => isSafety(quantity))
        .filter((point) => !rules.some((rule) => canJudge(rule, point)))
        .map(({ part, quantity }) => `${profile.name} ${part ?? ''} ${quantity}`),
    );
    expect(unheard).toEqual([]);
  });

  test('each rule judges each profile of its kind, or the profile says why its device cannot tell', () => {
    const unsaid = covered.flatMap(({ profile, silent }) =>
      silent.filter(({ why }) => why === undefined).map(({ rule }) => `${profile.name} ${rule.rule}`),
    );
    expect(unsaid).toEqual([]);
  });

  test('no profile excuses itself from what it can tell, or from a rule that there is not', () => {
    const wrong = covered.flatMap(({ profile, silent }) => {
      const own = new Set(silent.map(({ rule }) => rule.rule));
      const excused = profile.cannotTell.flatMap((each) => each.rules);
      return excused.filter((name) => !own.has(name)).map((name) => `${profile.name} ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  test.each([
    ['env/rittal-cmc-iii', ['leak', 'smoke-sensor', 'door-left-open']],
    ['env/netbotz-5528', ['door-left-open']],
    ['pac/liebert-lgpenv', ['leak', 'smoke-sensor', 'pac-fault']],
    ['pdu/raritan-pdu2', ['leak', 'smoke-sensor', 'door-left-open', 'breaker-tripped', 'tamper']],
    ['pdu/servertech-sentry4', ['leak', 'breaker-tripped']],
    ['ups/eaton-xups', ['ups-on-battery', 'ups-battery-low', 'ups-battery-replace', 'ups-warning']],
    ['ups/apc-powernet', ['ups-overload-reported', 'ups-charger-failed', 'ups-battery-disconnected']],
    ['ups/liebert-aps-modbus', ['ups-on-battery']],
    ['pac/apc-inrow-rc', ['pac-off', 'pac-fault', 'leak']],
  ])('%s is judged by %j', (name, expected) => {
    const judged = covered.find(({ profile }) => profile.name === name)?.judged ?? [];
    const names = new Set(judged.map(({ rule }) => rule));
    expect(expected.filter((rule) => !names.has(rule))).toEqual([]);
  });
});
