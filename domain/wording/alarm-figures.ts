import type {
  Advice,
  AlarmFigureView,
  AlarmWorkState,
  BadActorKind,
  BadActorView,
  Verdict,
} from '../../server/contracts/alarm-figures.ts';
import { formats } from '../format/format.ts';
import type { Language } from '../format/words.ts';

/** Figures of the alarm system in words, for the page and for the printed report. */

const verdicts: Readonly<Record<Language, Readonly<Record<Verdict, string>>>> = {
  id: { met: 'tercapai', missed: 'tidak tercapai', 'too-short': 'belum dinilai', nothing: 'tidak ada alarm' },
  en: { met: 'met', missed: 'missed', 'too-short': 'not judged', nothing: 'no alarms' },
};

const kinds: Readonly<Record<Language, Readonly<Record<BadActorKind, string>>>> = {
  id: {
    'worst-ten': 'sepuluh tersering', chattering: 'berkedip', fleeting: 'sekejap', standing: 'lebih dari 24 jam', false: 'alarm palsu',
  },
  en: {
    'worst-ten': 'worst ten', chattering: 'chattering', fleeting: 'fleeting', standing: 'over 24 hours', false: 'false alarm',
  },
}; // prettier-ignore

const states: Readonly<Record<Language, Readonly<Record<AlarmWorkState, string>>>> = {
  id: { open: 'terbuka', assigned: 'ditugaskan', done: 'selesai' },
  en: { open: 'open', assigned: 'assigned', done: 'done' },
};

const advices: Readonly<Record<Language, Readonly<Record<Advice, string>>>> = {
  id: {
    deadband: 'Lebarkan deadband: nilainya naik turun di sekitar batas',
    'on-delay': 'Beri on-delay: kondisinya hilang sebelum sempat ditangani',
    'off-delay': 'Beri off-delay: kondisinya kembali segera setelah pulih',
    repair: 'Perbaiki penyebabnya, atau keluarkan dari layanan bila sedang dikerjakan',
    communication: 'Periksa komunikasi perangkat: jaringan, alamat, dan waktu jawab',
    review: 'Tinjau batas dan perangkatnya: apakah alarm ini masih menuntut tindakan?',
  },
  en: {
    deadband: 'Widen the deadband: the value moves around its limit',
    'on-delay': 'Add an on-delay: the condition is gone before anyone can respond',
    'off-delay': 'Add an off-delay: the condition is back right after it cleared',
    repair: 'Repair the cause, or take it out of service while it is worked on',
    communication: 'Check the communication with the device: network, address and response time',
    review: 'Review the limit and the device: does this alarm still call for an action?',
  },
};

export function verdictText(verdict: Verdict, language: Language): string {
  return verdicts[language][verdict];
}

export function kindText(kind: BadActorKind, language: Language): string {
  return kinds[language][kind];
}

export function workStateText(state: AlarmWorkState, language: Language): string {
  return states[language][state];
}

/** What would help, and what a delay would have spared by what was recorded. */
export function adviceText({ advice, delay }: Pick<BadActorView, 'advice' | 'delay'>, language: Language): string {
  const text = advices[language][advice];
  if (delay === null) return text.endsWith('?') ? text : `${text}.`;
  const time = formats[language].duration(delay.seconds * 1_000);
  return language === 'id'
    ? `${text}. Jeda ${time} meniadakan ${delay.spares} dari ${delay.of} kali.`
    : `${text}. A delay of ${time} would have spared ${delay.spares} of ${delay.of}.`;
} // prettier-ignore

/** `0,42`, `3`, `12,5 %`; a dash where there is nothing to count. */
export function figureText({ value, unit }: Pick<AlarmFigureView, 'value' | 'unit'>, language: Language): string {
  return value === null ? '–' : withUnit(value, unit, language);
} // prettier-ignore

/** `≤ 1`, `< 1 %`, `≥ 80 %`. */
export function aimText({ comparison, aim, unit }: Pick<AlarmFigureView, 'comparison' | 'aim' | 'unit'>, language: Language): string {
  const sign = { atMost: '≤', below: '<', atLeast: '≥' }[comparison];
  return `${sign} ${withUnit(aim, unit, language)}`;
} // prettier-ignore

/** Why there is no verdict: `12,3 hari data; perlu 30`. */
export function shortText(days: number, needed: number, language: Language): string {
  const counted = formats[language].number(days, 1);
  return language === 'id'
    ? `Belum dinilai: ${counted} hari data, perlu ${needed} hari.`
    : `Not judged: ${counted} days of data, ${needed} needed.`;
}

function withUnit(value: number, unit: AlarmFigureView['unit'], language: Language): string {
  const decimals = Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1;
  const text = formats[language].number(value, decimals);
  return unit === '%' ? `${text} %` : text;
}
