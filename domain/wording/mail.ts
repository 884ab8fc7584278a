import type { Priority } from '../../config/schema/common.ts';
import type { Language } from '../format/words.ts';
import { messageWords, type MessageText, type Paragraph } from './message.ts';

/** Dark enough for white text in daylight; the priority is also written out. */
const colours: Readonly<Record<Priority, string>> = {
  P1: '#b00020',
  P2: '#a34700',
  P3: '#6b5b00',
  P4: '#37474f',
  P5: '#37474f',
};
const over = '#1b5e20';

/**
 * The same message for a mail program: readable on a phone at night, one large button. Nothing is fetched from anywhere, and styles stand at
 * each element, because mail programs drop style sheets.
 */
export function messageHtml(
  { subject, action, paragraphs, others }: MessageText,
  { language, link }: { readonly language: Language; readonly link: string },
): string {
  const word = messageWords[language];
  const button =
    action === null
      ? ''
      : `<a href="${escaped(link)}" style="display:block;margin:20px 0;padding:20px 16px;border-radius:8px;background:#0b57d0;color:#ffffff;font-size:20px;font-weight:bold;text-align:center;text-decoration:none">${escaped(action)}</a>`;
  const parts = paragraphs.map((each) => section(each, word.details)).join('');
  const rest = others === null ? '' : `<p style="font-size:16px">${escaped(others)}</p>`;
  const body = `<div style="max-width:36em;margin:0 auto;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.45;color:#111111">${button}${parts}${rest}<p style="font-size:13px;color:#555555">Pantau DC</p></div>`;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(subject)}</title></head><body style="margin:0;background:#ffffff">${body}</body></html>`;
}

function section({ headline, lines, priority, isOver, link }: Paragraph, details: string): string {
  const colour = isOver ? over : colours[priority];
  const rows = lines.map((line) => `<div style="margin:4px 0">${escaped(line)}</div>`).join('');
  return `<div style="margin:16px 0;border-left:6px solid ${colour};padding:4px 0 4px 12px"><h1 style="margin:0 0 8px;font-size:19px;color:${colour}">${escaped(headline)}</h1>${rows}<a href="${escaped(link)}" style="font-size:16px;color:#0b57d0">${escaped(details)}</a></div>`;
}

/** Names and notes come from people and devices. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
