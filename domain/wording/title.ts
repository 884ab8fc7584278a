import type { Label } from '../../config/schema/common.ts';
import { titlePlaceholders } from '../../config/schema/rule.ts';
import { formats, type Format } from '../format/format.ts';
import type { Language } from '../format/words.ts';
import { listOf } from './list.ts';
import type { Carrier, Consequence, Reading, Situation } from './situation.ts';

type Placeholder = (typeof titlePlaceholders)[number];

/**
 * The title of an incident as a finished sentence in both languages: what, where, how many of how many, the value now and at its
 * worst, what follows from it. From the rule's own template; an inferred cause and what follows have words of their own.
 */
export function incidentTitle(situation: Situation): Label {
  return { id: sentence(situation, 'id'), en: sentence(situation, 'en') };
}

function sentence(situation: Situation, language: Language): string {
  const main = situation.inferred === null ? ofRule(situation, language) : ofInferred(situation, language);
  const rest = situation.isOver ? words[language].over : followUp(situation, formats[language]);
  const text = rest === '' ? main : `${main}; ${rest}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function ofRule(situation: Situation, language: Language): string {
  const { title, name, room, site, reading } = situation;
  const format = formats[language];
  const things = listOf({ names: situation.things, of: situation.of, noun: situation.noun }, language);
  // A thing that is the place itself is not said twice, and is said once where the template has only the place.
  const isSaid = title === null || title[language].includes('{things}');
  const where = room === null || (isSaid && room[language] === things) ? site : `${room[language]}, ${site}`;
  const texts: Record<Placeholder, string> = {
    things: things === '' ? name[language] : things,
    where,
    site,
    value: reading === null ? '' : valueText(reading, format, situation.isOver),
    limit: reading === null ? '' : format.quantity(reading.limit, reading.unit),
  };
  if (title === null) return `${name[language]}: ${texts.things}, ${where}`;
  return title[language].replaceAll(/\{(\w+)\}/g, (whole, key: string) =>
    isPlaceholder(key) ? texts[key] : whole,
  );
}

function isPlaceholder(key: string): key is Placeholder {
  return titlePlaceholders.some((each) => each === key);
}

const words = {
  id: {
    unread: 'sekarang tidak terbaca', over: 'sudah pulih', last: 'terburuk', rising: 'naik', falling: 'turun', steady: '',
  },
  en: {
    unread: 'not readable now', over: 'over now', last: 'worst', rising: 'rising', falling: 'falling', steady: '',
  },
} as const; // prettier-ignore

/** `29,4 °C dan naik (terburuk 31,0 °C)`: now first, the worst where it differs. */
function valueText({ now, worst, unit, trend }: Reading, format: Format, isOver: boolean): string {
  const word = words[format.language];
  const atWorst = format.quantity(worst, unit);
  if (isOver) return atWorst;
  if (now === null) return `${atWorst} (${word.unread})`;
  const present = format.quantity(now, unit);
  const how = trend === null || trend === 'steady' ? '' : ` ${word[trend]}`;
  return present === atWorst ? `${present}${how}` : `${present}${how} (${word.last} ${atWorst})`;
}

/** What nothing reports itself. */
function ofInferred({ inferred, things, room, site, noun }: Situation, language: Language): string {
  const list = listOf({ names: things, of: null, noun }, language);
  const place = room === null ? site : `${room[language]}, ${site}`;
  switch (inferred) {
    case 'link-lost':
      return language === 'id'
        ? `jaringan ke ${list} putus di ${site}`
        : `network to ${list} is cut at ${site}`;
    case 'supply-lost':
      return language === 'id'
        ? `${list} padam di ${site} (disimpulkan)`
        : `${list} lost at ${site} (inferred)`;
    default:
      return language === 'id'
        ? `${list} tidak memberi daya, ${place} (disimpulkan)`
        : `${list} gives no power, ${place} (inferred)`;
  }
}

function followUp({ consequences, carrier, left }: Situation, format: Format): string {
  const parts = consequences.map((each) => consequenceText(each, format));
  if (left !== null) parts.unshift(leftText(left, format));
  if (carrier !== null) parts.unshift(carrierText(carrier, format.language));
  return parts.filter((part) => part !== '').join(', ');
}

function carrierText(carrier: Carrier, language: Language): string {
  if (carrier.by === 'batteries')
    return language === 'id' ? 'beban dipikul baterai UPS' : 'the UPS batteries carry the load';
  if (carrier.by === 'grid') {
    if (carrier.back === null) return language === 'id' ? 'tegangan sudah kembali' : 'the voltage is back';
    const sources = carrier.back.map((name) => name[language]).join(', ');
    return language === 'id' ? `tegangan ${sources} sudah kembali` : `the voltage of ${sources} is back`;
  }
  const { running, of } = carrier;
  return language === 'id'
    ? `beban dipikul genset, ${running} dari ${of} jalan`
    : `the gensets carry the load, ${running} of ${of} running`;
}

function leftText(seconds: number, format: Format): string {
  const time = format.quantity(seconds, 's');
  return format.language === 'id' ? `sisa ${time}` : `${time} left`;
}

type Phrase = (how: { many: string; count: number; value: string }) => string;

const phrases: Readonly<Record<Consequence['effect'], Readonly<Record<Language, Phrase>>>> = {
  'supply-lost': { id: ({ many }) => `${many} sumber padam`, en: ({ many }) => `${many} sources lost` },
  'on-battery': { id: ({ many }) => `${many} UPS memakai baterai`, en: ({ many }) => `${many} UPS on battery` },
  'battery-low': {
    id: ({ many, value }) => `baterai ${many} UPS hampir habis${value === '' ? '' : `, sisa ${value}`}`,
    en: ({ many, value }) => `batteries of ${many} UPS nearly empty${value === '' ? '' : `, ${value} left`}`,
  },
  'output-lost': { id: ({ many }) => `${many} UPS tanpa keluaran`, en: ({ many }) => `${many} UPS without output` },
  'not-cooling': { id: ({ many }) => `${many} PAC mati`, en: ({ many }) => `${many} PACs stopped` },
  'too-hot': {
    id: ({ many, value }) => `suhu sampai ${value} di ${many} sensor`,
    en: ({ many, value }) => `up to ${value} at ${many} sensors`,
  },
  'link-lost': {
    id: ({ many }) => `${many} perangkat tidak menjawab`,
    en: ({ many, count }) => `${many} device${count === 1 ? '' : 's'} not answering`,
  },
  'feed-lost': { id: ({ many }) => `${many} rak tinggal satu jalur`, en: ({ many }) => `${many} racks left on one feed` },
  'provider-lost': {
    id: ({ many }) => `${many} jalur internet putus`,
    en: ({ many, count }) => `${many} internet link${count === 1 ? '' : 's'} down`,
  },
  'internet-lost': { id: () => 'situs tanpa internet', en: () => 'the site has no internet' },
  dark: { id: ({ many }) => `${many} rak tanpa daya`, en: ({ many }) => `${many} racks without power` },
  other: { id: ({ count }) => `${count} alarm lain`, en: ({ count }) => `${count} other alarm${count === 1 ? '' : 's'}` },
}; // prettier-ignore

function consequenceText({ effect, count, of, value }: Consequence, format: Format): string {
  const { language } = format;
  const number = format.number(count, 0);
  const many = of === null || of <= count ? number : `${number} ${language === 'id' ? 'dari' : 'of'} ${format.number(of, 0)}`;
  return phrases[effect][language]({ many, count, value: value === undefined ? '' : format.quantity(value, effect === 'battery-low' ? 's' : '°C') });
} // prettier-ignore

/** Effects in the order in which a sentence names them. */
export const consequenceOrder: readonly Consequence['effect'][] = [
  'dark', 'internet-lost', 'feed-lost', 'output-lost', 'battery-low', 'on-battery', 'not-cooling', 'too-hot', 'supply-lost', 'link-lost', 'provider-lost', 'other',
]; // prettier-ignore
