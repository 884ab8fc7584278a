import type { Range } from '../history/drawing.ts';
import { moved, zoomed } from './view.ts';

/** Zoom of one step of a wheel, whose steps are about 100. */
const zoomPerStep = 0.0015;

/**
 * The wheel zooms around the time below it and moves with Shift (or sideways); dragging with Shift, or with a finger, moves. Selecting a part
 * of the time is the chart's own. Returns what ends it.
 */
export function attachGestures(
  area: HTMLElement,
  options: {
    readonly range: () => Range;
    readonly now: () => number;
    readonly onRange: (range: Range) => void;
  },
): () => void {
  const { range, now, onRange } = options;
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      onRange(moved(range(), sideways / 1_000, now()));
      return;
    }
    const box = area.getBoundingClientRect();
    const { from, to } = range();
    const around = from + ((event.clientX - box.left) / box.width) * (to - from);
    onRange(zoomed({ from, to }, Math.exp(event.deltaY * zoomPerStep), around));
  };
  let drag: { readonly x: number; readonly start: Range } | undefined;
  const down = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch' && !event.shiftKey) return;
    drag = { x: event.clientX, start: range() };
    area.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    if (drag === undefined) return;
    onRange(moved(drag.start, (drag.x - event.clientX) / area.clientWidth, now()));
  };
  const up = (): void => {
    drag = undefined;
  };
  area.addEventListener('wheel', wheel, { passive: false });
  area.addEventListener('pointerdown', down);
  area.addEventListener('pointermove', move);
  area.addEventListener('pointerup', up);
  area.addEventListener('pointercancel', up);
  return () => {
    area.removeEventListener('wheel', wheel);
    area.removeEventListener('pointerdown', down);
    area.removeEventListener('pointermove', move);
    area.removeEventListener('pointerup', up);
    area.removeEventListener('pointercancel', up);
  };
}
