import type { Page } from 'playwright-core';
import { z } from 'zod';

/**
 * Run in a page: what of it cannot be read whole. The page must not scroll sideways, the wall not at all; a text must not be wider or
 * higher than the box that hides the rest of it, nor stand in the margin of its box, and no control may lie on another. What scrolls in a
 * frame of its own, and what only screen readers hear, is left out.
 */
export const cutTexts = `(() => {
  const found = [];
  const root = document.documentElement;
  const wide = root.scrollWidth - root.clientWidth;
  if (wide > 0) {
    found.push('the page is ' + wide + ' px too wide');
    for (const one of document.querySelectorAll('body *'))
      if (one.getBoundingClientRect().right > root.clientWidth + 1 && !one.closest('.table-frame, .hidden')) {
        found.push('sticks out: ' + one.outerHTML.slice(0, 140));
        break;
      }
  }
  const wall = document.querySelector('main.wall');
  if (wall !== null && window.innerWidth > 1100) {
    const high = Math.max(root.scrollHeight - root.clientHeight, wall.scrollHeight - wall.clientHeight);
    if (high > 0) found.push('the wall is ' + high + ' px too high');
    const below = [...wall.querySelectorAll('.card > *')].filter((one) => one.getBoundingClientRect().bottom > one.parentElement.getBoundingClientRect().bottom + 1);
    found.push(...below.slice(0, 3).map((one) => 'out of its card: ' + one.outerHTML.slice(0, 140)));
  }
  const leftOut = '.hidden, .table-frame, svg, canvas, .recharts-wrapper, [aria-hidden=true]';
  const hides = (style) => /hidden|clip/.test(style.overflowX + style.overflowY);
  for (const one of document.querySelectorAll('body *')) {
    if (one.closest(leftOut) || !one.textContent.trim()) continue;
    const style = getComputedStyle(one);
    if (style.visibility === 'hidden' || style.display === 'none' || one.clientHeight === 0 || !hides(style)) continue;
    if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2)
      found.push('cut: ' + one.className + ' "' + one.textContent.trim().slice(0, 80) + '"');
  }
  // What stays at the edge of the screen while the page scrolls below it is no cover.
  const isStuck = (each) => each !== null && (/sticky|fixed/.test(getComputedStyle(each).position) || isStuck(each.parentElement));
  const controls = 'button, a[href], input, select, summary';
  for (const one of document.querySelectorAll(controls)) {
    const { left, top, width, height } = one.getBoundingClientRect();
    // Marks of a time line stand where their time is.
    if (width === 0 || one.closest('.hidden, .replay-mark')) continue;
    const over = document.elementFromPoint(left + width / 2, top + height / 2)?.closest(controls);
    if (over && !over.contains(one) && !one.contains(over) && !isStuck(over)) found.push('covered by ' + over.outerHTML.slice(0, 80) + ': ' + one.outerHTML.slice(0, 80));
  }
  const range = document.createRange();
  for (const card of document.querySelectorAll('.card, .panel, .tile, .box')) {
    const style = getComputedStyle(card);
    const box = card.getBoundingClientRect();
    const left = box.left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft);
    const right = box.right - parseFloat(style.borderRightWidth) - parseFloat(style.paddingRight);
    const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (!text.data.trim() || text.parentElement.closest(leftOut)) continue;
      range.selectNodeContents(text);
      const { left: from, right: to, width } = range.getBoundingClientRect();
      const over = Math.max(left - from, to - right);
      if (width > 0 && over > 1) found.push(Math.round(over) + ' px into the margin of its box: "' + text.data.trim().slice(0, 80) + '"');
    }
  }
  return found;
})()`;

/**
 * What a script finds wrong with a page. Charts and sizes of type follow a new size in the next frames, and a colour changes in steps:
 * only what is still wrong after a while counts.
 */
export async function settled(page: Page, script: string, patienceMs = 5_000): Promise<string[]> {
  const until = performance.now() + patienceMs;
  for (;;) {
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))');
    const found = z.array(z.string()).parse(await page.evaluate(script));
    if (found.length === 0 || performance.now() > until) return found;
  }
}
