import writeXlsxFile, { type Row, type Sheet } from 'write-excel-file/node';
import type { Buffer } from 'node:buffer';
import { defaultZone, zonedTime } from '../../core/zoned.ts';
import {
  loadTestTexts,
  siteText,
  sourceText,
  thingText,
  thingsText,
  unitWord,
} from '../../domain/wording/load-test.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import { heldAt } from './measure.ts';
import type { Traces } from './things.ts';

/** Rows of the sheet of readings: beyond that nobody reads, and the file becomes slow. */
const mostRows = 2_000;
const leastStepMs = 10_000;

/** The same report for a spreadsheet: criteria, phases, sets and the readings as they held at even steps. */
export async function loadTestXlsx(document: LoadTestDocument, raw: Traces, language: 'id' | 'en'): Promise<Uint8Array> {
  const text = loadTestTexts[language];
  const { words } = text;
  const zone = zonedTime(defaultZone);
  const time = (at: number): string => zone?.plain(at) ?? new Date(at).toISOString();
  const timeOf = (at: string | null) => (at === null ? null : time(Date.parse(at)));
  const head = (titles: readonly string[]): Row => titles.map((value) => ({ value, fontWeight: 'bold', wrap: true }));
  const named = (thing: string): string => thingText(document, thing, language);
  const number = (value: number | null) => (value === null ? null : { value, type: Number });
  const stateOrNumber = (value: number | string | null) => (typeof value === 'string' ? (text.modes[value] ?? value) : number(value));
  const columns = (...widths: number[]) => widths.map((width) => ({ width }));
  const [from, to] = [Date.parse(document.from), Date.parse(document.to)];
  const stepMs = Math.max(leastStepMs, Math.ceil((to - from) / mostRows / 1_000) * 1_000);
  const points = [...raw.keys()].sort();
  const sheets: Sheet<Buffer>[] = [
    {
      sheet: words.criteria,
      columns: columns(44, 12, 12, 12, 10, 12, 36, 20, 60),
      stickyRowsCount: 1,
      data: [
        head([words.criterion, words.value, words.least, words.most, words.unit, words.limit, words.source, words.result, words.reason]),
        ...document.criteria.map((row): Row => [
          row.title[language], number(row.value), number(row.least), number(row.most), unitWord(row.unit, language), number(row.limit),
          sourceText(row.source, language), text.verdicts[row.verdict],
          row.why === null ? null : `${text.whys[row.why] ?? row.why}${row.things.length === 0 ? '' : `: ${thingsText(document, row.things, language)}`}`,
        ]),
      ],
    },
    {
      sheet: words.timeline,
      columns: columns(30, 20, 22, 22, 14, 18),
      stickyRowsCount: 1,
      data: [
        head([words.phase, words.thing, words.begins, words.ends, `${words.doubt} (s)`, words.evidence]),
        ...document.phases.map((row): Row => [
          text.phases[row.phase] ?? row.phase, row.thing === null ? siteText(document) : named(row.thing), timeOf(row.from), timeOf(row.to),
          number(Math.max(row.fromDoubtMs ?? 0, row.toDoubtMs ?? 0) / 1_000), text.seen[row.seen],
        ]),
      ],
    },
    {
      sheet: words.sets,
      columns: columns(16, 10, 10, 12, 12, 12, 12, 12, 12, 14, 14),
      stickyRowsCount: 1,
      data: [
        head([words.set, `${words.rated} (kW)`, words.attempts, `${words.crank} (s)`, `${words.crankVolts} (V)`, `${words.mean} (kW)`, `${words.peak} (kW)`, `${words.oil} (kPa)`, `${words.coolant} (°C)`, `${words.coolDown} (s)`, words.hours]),
        ...document.sets.map((row): Row => [
          named(row.genset), number(row.ratedKw), number(row.attempts), number(row.crankS), number(row.lowestCrankVolts), number(row.kwMean),
          number(row.kwMax), number(row.oilMin), number(row.coolantMax), number(row.coolDownS), number(row.hoursAfter),
        ]),
      ],
    },
    {
      sheet: words.identity,
      columns: columns(16, 28, 22, 12, 12, 10, 14),
      stickyRowsCount: 1,
      data: [
        head([words.set, words.makerModel, words.serial, 'kW', 'kVA', words.powerFactor, words.duty]),
        ...(document.identity?.gensets ?? []).map((row): Row => [
          named(row.genset), [row.maker, row.model].filter((each) => each !== null).join(' '), row.serial, number(row.kw), number(row.kva),
          number(row.powerFactor), row.duty === null ? null : text.duties[row.duty],
        ]),
      ],
    },
    {
      sheet: words.beforeAfter,
      columns: columns(20, 24, 14, 14, 8),
      stickyRowsCount: 1,
      data: [
        head([words.thing, words.quantity, words.before, words.after, words.unit]),
        ...document.conditions.map((row): Row => [
          named(row.thing), text.quantities[row.quantity] ?? row.quantity, stateOrNumber(row.before), stateOrNumber(row.after),
          row.unit === 'state' ? null : unitWord(row.unit, language),
        ]),
      ],
    },
    {
      sheet: words.readings,
      columns: columns(22, ...points.map(() => 14)),
      stickyRowsCount: 1,
      stickyColumnsCount: 1,
      data: [
        head([words.time, ...points]),
        ...Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (_, step): Row => {
          const at = from + step * stepMs;
          return [
            time(at),
            ...points.map((id) => {
              const trace = raw.get(id);
              return number((trace === undefined ? undefined : heldAt(trace, at)) ?? null);
            }),
          ];
        }),
      ],
    },
  ];
  return writeXlsxFile(sheets).toBuffer();
} // prettier-ignore
