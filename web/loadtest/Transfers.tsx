import type { ReactNode } from 'react';
import { loadTestTexts, thingText, unitWord } from '../../domain/wording/load-test.ts';
import type { LoadTestView } from '../../server/contracts/load-test-document.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Verdict } from './Verdict.tsx';

type Bounded = LoadTestView['transfers'][number]['transfer'];

/** How long each switch took, and what the UPSs carried meanwhile. */
export function Transfers({ view }: { view: LoadTestView }): ReactNode {
  const format = useFormat();
  const { words, whys } = loadTestTexts[format.language];
  const second = unitWord('s', format.language);
  const time = (bounded: Bounded): ReactNode => {
    if (bounded === null) return words.unknown;
    const { value, least, most } = bounded;
    const isExact = least === null || most === null || least === most;
    return (
      <>
        {format.number(value, 1)} {second}{' '}
        {isExact ? null : <small>({format.number(least, 1)} – {format.number(most, 1)})</small>}
      </>
    );
  }; // prettier-ignore
  if (view.transfers.length === 0) return null;
  return (
    <section className="panel">
      <h2>{words.transfers}</h2>
      <TableFrame label={words.transfers}>
        <table className="table table--stacked" data-testid="transfers">
          <thead>
            <tr>
              <th scope="col">{words.ats}</th>
              <th scope="col">{words.transferTime}</th>
              <th scope="col">{words.retransferTime}</th>
              <th scope="col">{words.result}</th>
            </tr>
          </thead>
          <tbody>
            {view.transfers.map(({ ats, transfer, retransfer, verdict, why }) => (
              <tr key={ats}>
                <th scope="row">{thingText(view, ats, format.language)}</th>
                <td data-label={words.transferTime}>{time(transfer)}</td>
                <td data-label={words.retransferTime}>{time(retransfer)}</td>
                <td data-label={words.result}>
                  <Verdict verdict={verdict} /> {why === null ? null : <small>{whys[why] ?? why}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

export function UpsTable({ view }: { view: LoadTestView }): ReactNode {
  const format = useFormat();
  const { words } = loadTestTexts[format.language];
  const of = (value: number | null, unit: string): string =>
    value === null ? words.unknown : `${format.number(value, 0)} ${unit}`;
  if (view.upss.length === 0) return null;
  return (
    <section className="panel">
      <h2>{words.upss}</h2>
      <TableFrame label={words.upss}>
        <table className="table table--stacked" data-testid="upss">
          <thead>
            <tr>
              <th scope="col">UPS</th>
              <th scope="col">{words.onBattery}</th>
              <th scope="col">{words.lowestVolts}</th>
              <th scope="col">{words.lowestCharge}</th>
              <th scope="col">{words.autonomy}</th>
              <th scope="col">{words.output}</th>
            </tr>
          </thead>
          <tbody>
            {view.upss.map(({ ups, onBatteryS, lowestVolts, lowestCharge, autonomyS, dropped }) => (
              <tr key={ups}>
                <th scope="row">{thingText(view, ups, format.language)}</th>
                <td data-label={words.onBattery}>{of(onBatteryS, unitWord('s', format.language))}</td>
                <td data-label={words.lowestVolts}>{of(lowestVolts, 'V')}</td>
                <td data-label={words.lowestCharge}>{of(lowestCharge, '%')}</td>
                <td data-label={words.autonomy}>
                  {of(autonomyS === null ? null : autonomyS / 60, unitWord('min', format.language))}
                </td>
                <td data-label={words.output}>
                  {dropped === null ? words.unknown : dropped ? words.outputLost : words.outputKept}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
