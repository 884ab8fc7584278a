import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';
import type { ElementState, FeedChain, PowerChain } from '../../domain/chain.ts';
import type { Severity } from '../../domain/severity.ts';
import { Dash } from './Value.tsx';
import './oneline.css';

/** PLN → ATS → UPS per feed, gensets between them: what is open, lost or discharging is a shape and a word. */
export function OneLine(props: {
  readonly chain: PowerChain;
  readonly tone: Severity;
  /** The site's name: a page may have several diagrams. */
  readonly site: string;
}): ReactNode {
  const { chain, tone, site } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const { gensets } = chain;
  const [a, b] = chain.feeds;
  const running = gensets.running > 0;
  const count = running ? `${gensets.running}/${gensets.total} ${t('chain.running')}` : String(gensets.total);
  const endurance = chain.enduranceS === undefined ? '?' : hours(chain.enduranceS);
  function hours(seconds: number): string {
    return t('chain.hours', { hours: format.number(Math.floor(seconds / 3_600), 0) });
  }
  return (
    <section className={`oneline sev-${tone}`} aria-label={`${t('chain.label')}, ${site}`}>
      <FeedLine chain={a} />
      <div className="oneline-genset">
        <span className={`box box--genset box--${gensets.state}`}>
          {running ? <Glyph state="running" /> : null}
          {t('chain.genset')} {count}
        </span>
        <i className={running ? 'wire wire--live' : 'wire wire--standby'} />
        <i className={`riser${riserSide(a, b)}`} />
      </div>
      <span className="oneline-fuel">
        {t('chain.fuel')} {endurance}
      </span>
      <FeedLine chain={b} />
    </section>
  );
}

/** The riser is solid towards the switches that stand on the gensets. */
function riserSide(a: FeedChain, b: FeedChain): string {
  return `${a.ats.state === 'genset' ? ' riser--a' : ''}${b.ats.state === 'genset' ? ' riser--b' : ''}`;
}

function FeedLine({ chain }: { chain: FeedChain }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const fromGrid = chain.ats.state === 'normal' && chain.incomer.state !== 'lost';
  const intoUps = chain.ats.state === 'genset' || fromGrid;
  const boxes = [
    { name: 'pln', element: chain.incomer, wire: fromGrid ? 'wire' : 'wire wire--dead' },
    { name: 'ats', element: chain.ats, wire: intoUps ? 'wire' : 'wire wire--dead' },
    { name: 'ups', element: chain.ups, wire: chain.ups.state === 'off' ? 'wire wire--dead' : 'wire' },
  ];
  return (
    <div className={`oneline-feed oneline-feed--${chain.feed.toLowerCase()}`}>
      {boxes.map(({ name, element, wire }) => (
        <Fragment key={name}>
          <span className={`box box--${element.state}`}>
            <Glyph state={element.state} />
            {t(`chain.${name}`)} {name === 'pln' || isPlain(element.state) ? chain.feed : null}
            {element.state === 'normal' ? null : <em>{t(word(element.state))}</em>}
          </span>
          <i className={wire} />
        </Fragment>
      ))}
      <div className="oneline-load">
        <i className={boxes.at(-1)?.wire} />
        <span className="oneline-figures">
          {chain.loadKw === undefined ? (
            <Dash label={t('quality.no-value')} />
          ) : (
            <b>{format.quantity(chain.loadKw, 'kW')}</b>
          )}{' '}
          {chain.ups.state === 'off' ? null : <Autonomy seconds={chain.autonomyS} />}
        </span>
      </div>
    </div>
  );
}

/** For how long the string could carry its load; not shown of one that is off, where it says nothing. */
function Autonomy({ seconds }: { seconds: number | undefined }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (seconds === undefined) return <Dash label={t('quality.no-value')} />;
  const minutes = format.number(Math.floor(seconds / 60), 0);
  return <span title={t('quantity.autonomy')}>{t('chain.minutes', { minutes })}</span>;
}

/** A box with a word gives up the feed's letter, which stands at the head of its line. */
function isPlain(state: ElementState): boolean {
  return state === 'normal' || state === 'unknown';
}

function word(state: ElementState): string {
  return state === 'genset' ? 'chain.onGenset' : `chain.${state}`;
}

const glyphs: Partial<Record<ElementState, ReactNode>> = {
  lost: <path d="M4 4l16 16M20 4 4 20" />,
  off: <path d="M4 4l16 16M20 4 4 20" />,
  open: <path d="M1 16h5L18 6M18 16h5" />,
  fault: <path d="M12 2v12M12 19v3" />,
  battery: <path d="M2 7h17v10H2zM22 10v4M6 10v4M10 10v4" />,
  bypass: <path d="M1 17h5V6h12v11h5" />,
  genset: <path d="M1 18h6l8-12h8M1 6h4" />,
  running: <path d="M6 3l14 9-14 9z" />,
};

function Glyph({ state }: { state: ElementState }): ReactNode {
  const shape = glyphs[state];
  if (shape === undefined) return null;
  return (
    <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
      {shape}
    </svg>
  );
}
