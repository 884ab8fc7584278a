import type { SetFigures } from '../figures.ts';
import { batterySignal, isKnown } from '../phases.ts';
import { transfersOf } from '../transfers.ts';
import { atMost, exactly, onlyWith, worst, type Verdict } from '../verdict.ts';
import { found, minutes, unseen, type Finding, type Input } from './finding.ts';

export function setsStarted({ figures: { sets } }: Input): Finding {
  const verdictOf = ({ started, carried }: SetFigures): Verdict => {
    if (started === false || carried === false) return 'fail';
    return started === true && carried === true ? 'pass' : 'not-proven';
  };
  const verdict = worst(sets.map(verdictOf));
  const failed = sets.filter((set) => verdictOf(set) === verdict).map(({ genset }) => genset);
  return {
    verdict,
    unit: 'count',
    value: exactly(sets.filter(({ carried }) => carried === true).length),
    limit: { value: sets.length, sense: 'least' },
    things: verdict === 'pass' ? [] : failed,
    why: verdict === 'not-proven' ? 'not-seen' : sets.some(({ started }) => started === false) ? 'not-started' : 'not-loaded',
  };
} // prettier-ignore

/** Every switch has to be in time; the slowest one speaks for all of them. */
export function startTransfer({ recognised: { run }, profile }: Input): Finding {
  const { within } = profile.criteria['start-transfer'];
  const limit = { value: within / 1_000, sense: 'most' as const };
  const transfers = transfersOf(run, within);
  const verdict = worst(transfers.map((each) => each.verdict));
  const seen = transfers.flatMap(({ ats, transfer }) => (transfer === null ? [] : [{ ats, transfer }]));
  const slowest = seen.sort((a, b) => b.transfer.value - a.transfer.value)[0];
  if (slowest === undefined) return unseen({ unit: 's', limit });
  const concerned = transfers.filter((each) => each.verdict === verdict);
  return {
    verdict, unit: 's', limit,
    value: { ...slowest.transfer, most: Math.max(...seen.map(({ transfer }) => transfer.most)) },
    why: concerned[0]?.why ?? null,
    things: verdict === 'pass' ? [slowest.ats] : concerned.map(({ ats }) => ats),
  };
} // prettier-ignore

export function rideThrough({ recognised: { signals }, figures }: Input): Finding {
  const dropped = figures.upss.filter((each) => each.dropped === true).map(({ ups }) => ups);
  const value = figures.upss.length === 0 ? null : exactly(figures.upss.length - dropped.length);
  const carried = { unit: 'count' as const, value, limit: { value: figures.upss.length, sense: 'least' as const } };
  if (dropped.length > 0) return { ...carried, verdict: 'fail', why: 'dropped', things: dropped };
  const unknown = signals.upss.filter(({ source }) => !isKnown(source, figures.window)).map(({ ups }) => ups.id);
  if (figures.upss.length === 0 || unknown.length > 0)
    return { ...carried, verdict: 'not-proven', why: unknown.length > 0 ? 'gaps' : 'not-seen', things: unknown };
  return { ...carried, verdict: 'pass' };
} // prettier-ignore

export function batteryTime({ recognised: { signals }, figures, standard }: Input): Finding {
  const limitMin = standard.upsBackupTime.max / 60_000;
  const limit = { value: limitMin, sense: 'most' as const };
  const times = figures.upss.flatMap(({ ups, onBattery }) => onBattery.map((time) => ({ ups, time })));
  const unknown = signals.upss
    .filter(({ source, input }) => !isKnown(batterySignal(source, input), figures.window))
    .map(({ ups }) => ups.id);
  const longest = times.sort((a, b) => b.time.least - a.time.least)[0];
  const most = Math.max(0, ...times.map(({ time }) => time.most));
  const value =
    longest === undefined
      ? figures.upss.length === 0 || unknown.length > 0 ? null : exactly(0)
      : { value: minutes(Math.min(longest.time.seen, most)), least: minutes(longest.time.least), most: minutes(most) };
  if (value === null) return unseen({ unit: 'min', limit, things: unknown });
  const verdict = onlyWith(unknown.length === 0, atMost(value, limitMin));
  return found({
    verdict, unit: 'min', value, limit,
    open: unknown.length > 0 ? 'gaps' : 'sampling',
    things: unknown.length > 0 ? unknown : longest === undefined ? [] : [longest.ups],
  });
} // prettier-ignore
