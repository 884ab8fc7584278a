import type { ElementView, ScenarioView, SingleView } from '../../server/contracts/capacity.ts';
import { formats } from '../format/format.ts';
import type { Language } from '../format/words.ts';

/** What a failure does, in sentences. */

type Failure = Omit<SingleView, 'site' | 'element'>;

const said = {
  id: {
    fails: (names: string) => `Bila ${names} gagal`,
    both: ' dan ',
    losesRedundancy: (n: string) => `${n} rak kehilangan redundansi`,
    overloads: (n: string) => `${n} rak kelebihan beban`,
    dark: (n: string) => `${n} rak padam`,
    unknown: (n: string) => `${n} rak tidak diketahui`,
    noneDark: 'tidak ada yang padam',
    nothing: 'tidak ada rak yang terdampak',
    trips: (names: string) => `${names} ikut terputus karena kelebihan beban`,
    battery: (ups: string, time: string) => `baterai ${ups} ${time}`,
    minutes: (n: string) => `${n} menit`,
    atMost: (n: string) => `paling lama ${n} menit`,
    atLeast: (n: string) => `paling sedikit ${n} menit`,
    unknownTime: 'tidak diketahui',
    short: (n: string) => ` (kurang dari ${n} menit yang dibutuhkan genset)`,
    gensets: (sets: string, kw: string) => `${sets} genset memikul ${kw}`,
    fuel: (hours: string) => `bahan bakar cukup ${hours} jam`,
    hall: (hall: string, left: string) => `${hall} tinggal ${left} PAC`,
    needed: (n: string) => `, perlu ${n}`,
    to: (limit: string, minutes: string) => `${limit} °C dalam ${minutes} menit`,
    never: 'suhu tetap di bawah 27 °C',
    notKnown: 'lama pemanasan tidak diketahui',
    unseen: (n: string) => `${n} perangkat tidak terpantau`,
    feed: (rack: string, feed: string) => `${rack} jalur ${feed}`,
    assumedBreaker: ' (arus pemutus diasumsikan)',
  },
  en: {
    fails: (names: string) => `If ${names} fails`,
    both: ' and ',
    losesRedundancy: (n: string) => `${n} racks lose redundancy`,
    overloads: (n: string) => `${n} racks are overloaded`,
    dark: (n: string) => `${n} racks go dark`,
    unknown: (n: string) => `${n} racks are not known`,
    noneDark: 'none goes dark',
    nothing: 'no rack is affected',
    trips: (names: string) => `${names} trips on overload`,
    battery: (ups: string, time: string) => `battery of ${ups} ${time}`,
    minutes: (n: string) => `${n} min`,
    atMost: (n: string) => `at most ${n} min`,
    atLeast: (n: string) => `at least ${n} min`,
    unknownTime: 'not known',
    short: (n: string) => ` (less than the ${n} min that the gensets need)`,
    gensets: (sets: string, kw: string) => `${sets} gensets carry ${kw}`,
    fuel: (hours: string) => `fuel for ${hours} h`,
    hall: (hall: string, left: string) => `${hall} has ${left} PACs left`,
    needed: (n: string) => `, needs ${n}`,
    to: (limit: string, minutes: string) => `${limit} °C in ${minutes} min`,
    never: 'stays below 27 °C',
    notKnown: 'time to warm up not known',
    unseen: (n: string) => `${n} devices are not monitored`,
    feed: (rack: string, feed: string) => `${rack} feed ${feed}`,
    assumedBreaker: ' (breaker rating assumed)',
  },
} as const;

/** What a view tells by its key, as people call it. */
function nameOf(names: Failure['names'], key: string, language: Language): string {
  return names[key]?.[language] ?? key;
}

/** One sentence: the racks first, then what carries them and for how long. */
export function failureSentence(
  elements: readonly ElementView[],
  failure: Failure,
  language: Language,
): string {
  const word = said[language];
  const format = formats[language];
  const parts = [...rackParts(failure.racks, language)];
  const tripped = failure.switchedOff.filter(({ isCertain }) => isCertain);
  if (tripped.length > 0) {
    const names = tripped
      .slice(0, 4)
      .map(({ key, feed }) =>
        feed === null
          ? nameOf(failure.names, key, language)
          : word.feed(nameOf(failure.names, key, language), feed),
      );
    parts.push(
      word.trips(
        names.join(', ') + (tripped.length > names.length ? ` (+${tripped.length - names.length})` : ''),
      ) + (tripped.some(({ isAssumed }) => isAssumed) ? word.assumedBreaker : ''),
    );
  }
  parts.push(
    ...failure.batteries.map((battery) =>
      word.battery(nameOf(failure.names, battery.ups, language), batteryText(battery, language)),
    ),
  );
  const { gensets } = failure;
  if (gensets !== null) {
    const kw = gensets.loadKw === null ? word.unknownTime : format.quantity(gensets.loadKw, 'kW');
    parts.push(word.gensets(String(gensets.sets), kw));
    if (gensets.fuelHours !== null) parts.push(word.fuel(format.number(gensets.fuelHours, 0)));
  }
  parts.push(...failure.halls.map((hall) => hallText(hall, language)));
  if (failure.unseen > 0) parts.push(word.unseen(format.number(failure.unseen, 0)));
  const names = elements.map(({ name }) => name[language]).join(word.both);
  return `${word.fails(names)}: ${parts.join('; ')}.`;
}

function rackParts(racks: Failure['racks'], language: Language): string[] {
  const word = said[language];
  const count = (n: number): string => formats[language].number(n, 0);
  const { dark, overloads, losesRedundancy, unknown } = racks;
  if (dark + overloads + losesRedundancy + unknown === 0) return [word.nothing];
  return [
    ...(dark > 0 ? [word.dark(count(dark))] : []),
    ...(overloads > 0 ? [word.overloads(count(overloads))] : []),
    ...(losesRedundancy > 0 ? [word.losesRedundancy(count(losesRedundancy))] : []),
    ...(unknown > 0 ? [word.unknown(count(unknown))] : []),
    ...(dark === 0 && unknown === 0 ? [word.noneDark] : []),
  ];
}

/** A pair, of which only the racks are known. */
export function pairSentence(
  { elements, racks }: Pick<ScenarioView, 'elements' | 'racks'>,
  language: Language,
): string {
  const names = elements.map(({ name }) => name[language]).join(said[language].both);
  return `${said[language].fails(names)}: ${rackParts(racks, language).join('; ')}.`;
}

function batteryText(
  { minutes, by, neededMinutes }: Failure['batteries'][number],
  language: Language,
): string {
  const word = said[language];
  if (minutes === null) return word.unknownTime;
  const number = formats[language].number(minutes, minutes < 10 ? 1 : 0);
  const text =
    by === 'at-most' ? word.atMost(number) : by === 'at-least' ? word.atLeast(number) : word.minutes(number);
  const isShort = neededMinutes !== null && minutes < neededMinutes;
  return isShort ? text + word.short(formats[language].number(neededMinutes, 1)) : text;
}

function hallText(
  { name, left, needed, minutesTo27, minutesTo32, why }: Failure['halls'][number],
  language: Language,
): string {
  const word = said[language];
  const count = (n: number): string => formats[language].number(n, 0);
  const head =
    word.hall(name[language], count(left)) +
    (needed !== null && left < needed ? word.needed(count(needed)) : '');
  if (why !== null) return `${head}, ${word.notKnown}`;
  if (minutesTo27 === null) return `${head}, ${word.never}`;
  const hot = minutesTo32 === null ? [] : [word.to('32', count(minutesTo32))];
  return [head, word.to('27', count(minutesTo27)), ...hot].join(', ');
}
