import { Check, CircleHelp, TriangleAlert, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureSentence, pairSentence } from '../../domain/wording/capacity.ts';
import type { CapacitySiteView, RackCounts } from '../../server/contracts/capacity.ts';
import { useFormat } from '../format/FormatContext.tsx';

/** Every single failure of the plant in a sentence, worst first; then the pairs that are worse than their parts. */
export function Failures({ view }: { view: CapacitySiteView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { language } = format;
  const number = (value: number): string => format.number(value, 0);
  const { pdus, pairs } = view;
  return (
    <section className="panel">
      <h2>{t('capacity.singles')}</h2>
      <ul className="capacity-failures">
        {view.singles.map((single) => (
          <li key={single.element.key} className={`capacity-failure capacity-failure--${worstOf(single.racks)}`}>
            <Mark racks={single.racks} />
            <span>{failureSentence([single.element], single, language)}</span>
          </li>
        ))}
      </ul>
      {pdus.all === 0 ? null : (
        <p className="note">
          {t('capacity.pdus', {
            n: number(pdus.all), dark: number(pdus.dark), overloads: number(pdus.overloads), unknown: number(pdus.unknown),
          })}
        </p>
      )}
      <h3>{t('capacity.pairs')}</h3>
      <p className="note">
        {t('capacity.pairCounts', { n: number(pairs.all), dark: number(pairs.dark), unknown: number(pairs.unknown) })}
      </p>
      <details>
        <summary>{t('capacity.worstPairs', { n: view.worstPairs.length })}</summary>
        <ul className="capacity-failures">
          {view.worstPairs.map((pair) => (
            <li
              key={pair.elements.map(({ key }) => key).join(' ')}
              className={`capacity-failure capacity-failure--${worstOf(pair.racks)}`}
            >
              <Mark racks={pair.racks} />
              <span>{pairSentence(pair, language)}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  ); // prettier-ignore
}

type Worst = 'dark' | 'overloads' | 'unknown' | 'lost' | 'none';

function worstOf({ dark, overloads, unknown, losesRedundancy }: RackCounts): Worst {
  if (dark > 0) return 'dark';
  if (overloads > 0) return 'overloads';
  if (unknown > 0) return 'unknown';
  return losesRedundancy > 0 ? 'lost' : 'none';
}

const marks = { dark: Zap, overloads: TriangleAlert, unknown: CircleHelp, lost: TriangleAlert, none: Check };

/** The sentence says the same: the sign only helps to find it. */
export function Mark({ racks }: { racks: RackCounts }): ReactNode {
  const Sign = marks[worstOf(racks)];
  return <Sign aria-hidden="true" size="1.2em" className="capacity-mark" />;
}
