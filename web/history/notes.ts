import type uPlot from 'uplot';
import type { Band } from '../../domain/band.ts';
import type { Colour, Level, Mark } from './drawing.ts';
import type { Series } from './series.ts';

/** Of the theme as it is when the chart is drawn. */
export type Colours = (name: Colour) => string;

interface Notes {
  readonly levels: readonly (Level & { readonly scale: string })[];
  readonly marks: readonly Mark[];
  readonly font: string;
  readonly colours: Colours;
}

/** Limits and moments with their words, over the curve. */
export function drawNotes(plot: uPlot, { levels, marks, font, colours }: Notes): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  const ratio = bbox.width / plot.over.clientWidth || 1;
  ctx.font = font.replace(/^[\d.]+/, (px) => String(Number(px) * ratio));
  const gap = 5 * ratio;
  const lineHeight = parseFloat(ctx.font) * 1.3;
  ctx.lineWidth = 1.5 * ratio;
  ctx.fillStyle = colours('during');
  for (const { at, until } of marks) {
    if (until === undefined) continue;
    const [begin, end] = [at, until].map((time) => Math.min(right, Math.max(bbox.left, plot.valToPos(time / 1_000, 'x', true))));
    if (begin !== undefined && end !== undefined) ctx.fillRect(begin, bbox.top, end - begin, bbox.height);
  } // prettier-ignore
  for (const { value, text, scale } of levels) {
    const y = plot.valToPos(value, scale, true);
    if (y < bbox.top || y > bottom) continue;
    ctx.strokeStyle = colours('mark');
    ctx.setLineDash([8 * ratio, 5 * ratio]);
    line(ctx, { x: bbox.left, y }, { x: right, y });
    ctx.textAlign = 'left';
    // Under the line where there is no room above it.
    const base = y - lineHeight < bbox.top ? y + lineHeight : y - gap;
    word(ctx, text, { x: bbox.left + gap, y: base }, colours);
  }
  ctx.setLineDash([]);
  let place = -1;
  for (const { at, text } of marks) {
    const x = plot.valToPos(at / 1_000, 'x', true);
    if (x < bbox.left || x > right) continue;
    place += 1;
    ctx.strokeStyle = colours('mark');
    line(ctx, { x, y: bbox.top }, { x, y: bottom });
    const fitsRight = x + gap + ctx.measureText(text).width < right;
    ctx.textAlign = fitsRight ? 'left' : 'right';
    // Each on a line of its own: what happened within a minute must not be written over each other.
    word(ctx, text, { x: fitsRight ? x + gap : x - gap, y: bottom - gap - place * lineHeight }, colours);
  }
  ctx.restore();
}

/** At the last value of each line that is in sight. */
export function drawLetters(
  plot: uPlot,
  { lines, font, colours }: { readonly lines: readonly LetteredLine[]; readonly font: string; readonly colours: Colours },
): void {
  const { ctx, bbox } = plot;
  const ratio = bbox.width / plot.over.clientWidth || 1;
  ctx.save();
  ctx.font = font.replace(/^[\d.]+/, (px) => String(Number(px) * ratio));
  ctx.textAlign = 'right';
  const until = plot.scales['x']?.max ?? Infinity;
  for (const { series, letter, colour, scale } of lines) {
    if (letter === undefined) continue;
    const place = series.x.findLastIndex((at, index) => at <= until && typeof series.value[index] === 'number');
    const [at, value] = [series.x[place], series.value[place]];
    if (at === undefined || value === undefined || value === null) continue;
    const x = plot.valToPos(at, 'x', true);
    if (x < bbox.left) continue;
    const y = plot.valToPos(value, scale, true) - 6 * ratio;
    word(ctx, letter, { x: Math.min(x, bbox.left + bbox.width - 2), y }, colours, colour);
  }
  ctx.restore();
} // prettier-ignore

interface LetteredLine {
  readonly series: Series;
  readonly letter?: string;
  readonly colour: Colour;
  readonly scale: string;
}

export function drawBand(plot: uPlot, band: Band, colours: Colours): void {
  const { ctx, bbox } = plot;
  if (band.min === undefined && band.max === undefined) return;
  const top = band.max === undefined ? bbox.top : plot.valToPos(band.max, 'y', true);
  const bottom = band.min === undefined ? bbox.top + bbox.height : plot.valToPos(band.min, 'y', true);
  ctx.save();
  ctx.fillStyle = colours('band');
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  ctx.strokeStyle = colours('edge');
  ctx.setLineDash([6, 6]);
  ctx.beginPath();
  for (const edge of [band.max === undefined ? null : top, band.min === undefined ? null : bottom]) {
    if (edge === null) continue;
    ctx.moveTo(bbox.left, edge);
    ctx.lineTo(bbox.left + bbox.width, edge);
  }
  ctx.stroke();
  ctx.restore();
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function line(ctx: CanvasRenderingContext2D, from: Place, to: Place): void {
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.stroke();
}

/** With a rim of the ground's colour, readable over any curve. */
function word(
  ctx: CanvasRenderingContext2D,
  text: string,
  { x, y }: Place,
  colours: Colours,
  colour: Colour = 'line',
): void {
  const { lineWidth, strokeStyle } = ctx;
  ctx.lineWidth = lineWidth * 3;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colours('back');
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colours(colour);
  ctx.fillText(text, x, y);
  ctx.lineWidth = lineWidth;
  ctx.strokeStyle = strokeStyle;
}
