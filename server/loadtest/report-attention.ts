import { formats } from '../../domain/format/format.ts';
import { thingText, thingsText, unitWord } from '../../domain/wording/load-test.ts';
import { heading, paragraph } from '../reports/pdf/blocks.ts';
import type { Context } from './report-context.ts';

/** What a reader must not miss, before everything else: what failed, what is not proven, and what went wrong without failing a limit. */
export function attention({ sheet, view, text, language }: Context): void {
  const { words } = text;
  const format = formats[language];
  const lines: { readonly text: string; readonly isBad: boolean }[] = [];
  for (const verdict of ['fail', 'not-proven'] as const)
    for (const { title, value, unit, limit, sense, why, things } of view.criteria.filter((each) => !each.reference && each.verdict === verdict)) {
      const number = (each: number): string => `${format.number(each, unit === 'count' || unit === 'kW' ? 0 : 1)} ${unitWord(unit, language)}`.trim();
      const sign = sense === null ? '' : { least: '≥ ', most: '≤ ', within: '± ' }[sense];
      const measured = value === null ? '' : ` ${number(value)}`;
      const bound = limit === null ? '' : ` (${words.limit.toLowerCase()} ${sign}${number(limit)})`;
      const reason = why === null || why === 'limit' ? '' : `; ${text.whys[why] ?? why}`;
      const of = things.length === 0 ? '' : `: ${thingsText(view, things.slice(0, 6), language)}`;
      lines.push({ text: `${text.verdicts[verdict]} – ${title[language]}${measured}${bound}${reason}${of}`, isBad: verdict === 'fail' });
    }
  for (const { genset, attempts } of view.sets.filter((set) => set.attempts > 1))
    lines.push({ text: words.secondStart.replace('{set}', thingText(view, genset, language)).replace('{count}', String(attempts)), isBad: true });
  for (const { ats } of view.transfers.filter((each) => each.verdict === 'fail')) lines.push({ text: words.lateTransfer.replace('{ats}', thingText(view, ats, language)), isBad: true });
  for (const { ups } of view.upss.filter(({ dropped }) => dropped === true)) lines.push({ text: words.droppedUps.replace('{ups}', thingText(view, ups, language)), isBad: true });
  if (view.frozen.length > 0) lines.push({ text: `${words.frozen}: ${thingsText(view, view.frozen, language)}`, isBad: false });
  if (view.missing.length > 0) lines.push({ text: words.missingPoints.replace('{count}', String(view.missing.length)), isBad: false });
  if (lines.length === 0) return;
  heading(sheet, 2, words.attention);
  for (const { text: line, isBad } of lines) paragraph(sheet, `• ${line}`, { color: isBad ? 'bad' : 'text' });
} // prettier-ignore
