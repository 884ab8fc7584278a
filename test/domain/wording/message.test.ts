import { describe, expect, it } from 'vitest';
import { messageHtml } from '../../../domain/wording/mail.ts';
import { messageText, type Told } from '../../../domain/wording/message.ts';

const at = Date.UTC(2026, 10, 23, 3);
const told = (change: Partial<Told> = {}): Told => ({
  title: { id: 'PLN A padam', en: 'PLN A is out' },
  priority: 'P2',
  clause: 'BAB IV.2',
  openedAt: at,
  dueAt: at + 3_600_000,
  returnedAt: null,
  consequence: null,
  firstAction: { id: 'Periksa <MDP> & "ATS".', en: 'Check <MDP> & "ATS".' },
  services: ['SAKTI'],
  link: 'https://pantau.example/gangguan/1',
  kind: 'page',
  ...change,
});
const options = { language: 'id', link: 'https://pantau.example/akui/a~b', isSimulated: false } as const;

describe('a message', () => {
  it('puts what waits before what is over, and the most urgent first', () => {
    const over = told({ priority: 'P1', kind: 'recovery', returnedAt: at + 60_000 });
    const { subject } = messageText([over, told(), told({ priority: 'P1' })], options);
    expect(subject).toBe('P1 PLN A padam (+2 gangguan)');
  });

  it('names twenty of a storm and counts the rest', () => {
    const { text, paragraphs, brief } = messageText(
      Array.from({ length: 500 }, () => told()),
      options,
    );
    expect(paragraphs).toHaveLength(20);
    expect(text).toMatch(/\+480 gangguan lain/);
    expect(Buffer.byteLength(brief)).toBeLessThan(1_000);
  });
});

describe('its HTML part', () => {
  const html = messageHtml(messageText([told()], options), options);

  it('has one large button, in the language of the person, and nothing from outside', () => {
    expect(html).toMatch(/<html lang="id">/);
    expect(html).toMatch(
      /href="https:\/\/pantau\.example\/akui\/a~b"[^>]*font-size:20px[^>]*>Lihat dan akui</,
    );
    expect(html).not.toMatch(/<(img|link|script|style)|url\(/i);
  });

  it('escapes what people and devices wrote', () => {
    expect(html).toMatch(/Periksa &lt;MDP&gt; &amp; &quot;ATS&quot;\./);
  });

  it('has no button when all is over', () => {
    const over = messageText([told({ kind: 'recovery', returnedAt: at + 60_000 })], options);
    expect(messageHtml(over, options)).not.toMatch(/akui/);
  });
});
