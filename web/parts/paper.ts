import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** What lies between the margins of an A4 page, px; a chart that keeps the width of the screen has the browser shrink the whole page. */
export const paperWidthPx = 680;

/** Calls `begin` before the page is printed and `end` afterwards; returns how to stop. */
export function aroundPrint(begin: () => void, end: () => void): () => void {
  window.addEventListener('beforeprint', begin);
  window.addEventListener('afterprint', end);
  return () => {
    window.removeEventListener('beforeprint', begin);
    window.removeEventListener('afterprint', end);
  };
}

/** Width of a chart that follows its box: all of it, on paper that of the page. Nothing measures a box again while a page is printed. */
export function useChartWidth(): number | '100%' {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(
    () =>
      aroundPrint(
        () => {
          flushSync(() => {
            setPrinting(true);
          });
        },
        () => {
          setPrinting(false);
        },
      ),
    [],
  );
  return isPrinting ? paperWidthPx : '100%';
}
