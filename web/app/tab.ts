import { isWaiting, severityOf, worstIncident, type Severity } from '../../domain/severity.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';

export const plainIcon = '/favicon.svg';
/** As `tokens.css` has them; an icon knows no style sheet. */
const colours: Readonly<Record<Severity, string>> = {
  p1: '#ff4b4b',
  p2: '#ff9f2e',
  p3: '#f7d83f',
  p4: '#48cfe0',
};

/** What a tab in the background says before its page's name: how many wait to be acknowledged, and how urgent the worst is. */
export function tabOf(incidents: readonly IncidentSummary[]): {
  readonly mark: string;
  readonly icon: string;
} {
  const waiting = incidents.filter(isWaiting);
  const worst = worstIncident(waiting);
  if (worst === undefined) return { mark: '', icon: plainIcon };
  return {
    mark: `(${waiting.length}) ${worst.priority} · `,
    icon: iconOf(waiting.length, colours[severityOf(worst.priority)]),
  };
}

/** A page's name with this mark, whatever mark it had. */
export function marked(title: string, mark: string): string {
  return mark + title.replace(/^\(\d+\) P[1-5] · /, '');
}

function iconOf(count: number, colour: string): string {
  const text = count > 99 ? '99' : String(count);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${colour}"/><text x="16" y="24" font-family="sans-serif" font-size="22" font-weight="700" text-anchor="middle" fill="#000">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
