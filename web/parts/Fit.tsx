import { memo, useLayoutEffect, useRef, type ReactNode } from 'react';
import { largestSize } from './fit.ts';
import { Name } from './Name.tsx';
import './fit.css';

interface FitProps {
  readonly text: string;
  /** Sets the full size of the type, and with `max-height` the box. */
  readonly className?: string;
  /** Before the text, of its size. */
  readonly children?: ReactNode;
}

/** A text of any length that is never cut: it takes more lines of smaller type until it fits its box. */
export const Fit = memo(function Fit({ text, className = '', children }: FitProps): ReactNode {
  const box = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let fitted = '';
    const fit = (): void => {
      // What was changed by fitting it is not fitted again.
      const present = `${sizeOf(element)} ${text}`;
      if (fitted === present) return;
      fitText(element);
      fitted = `${sizeOf(element)} ${text}`;
    };
    const refit = (): void => {
      fitted = '';
      fit();
    };
    fit();
    const watch = new ResizeObserver(fit);
    watch.observe(element);
    // Until the page's own letters are there, others of another width are measured.
    document.fonts.addEventListener('loadingdone', refit);
    return () => {
      watch.disconnect();
      document.fonts.removeEventListener('loadingdone', refit);
    };
  }, [text]);
  return (
    <span ref={box} className={`fit ${className}`}>
      {children}
      <Name>{text}</Name>
    </span>
  );
});

function sizeOf({ clientWidth, clientHeight }: HTMLElement): string {
  return `${clientWidth} ${clientHeight}`;
}

/** The page is laid out anew for each size that is tried, so one that fits as it is is only looked at. */
function fitText(element: HTMLElement): void {
  if (element.style.fontSize !== '') element.style.removeProperty('font-size');
  if (fits(element)) return;
  const full = Number.parseFloat(getComputedStyle(element).fontSize);
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const size = largestSize(full, Math.max(14, root * 0.875), (px) => {
    element.style.fontSize = `${px}px`;
    return fits(element);
  });
  if (size === full) element.style.removeProperty('font-size');
  else element.style.fontSize = `${size}px`;
}

function fits({ scrollHeight, clientHeight, scrollWidth, clientWidth }: HTMLElement): boolean {
  return scrollHeight <= clientHeight + 1 && scrollWidth <= clientWidth + 1;
}
