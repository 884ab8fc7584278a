import type { ReactNode } from 'react';
import type { Priority } from '../../config/schema/common.ts';
import { severityOf, type Severity } from '../../domain/severity.ts';
import './severity.css';

const shapes: Readonly<Record<Severity, ReactNode>> = {
  p1: <path d="M7 1h10l6 6v10l-6 6H7l-6-6V7z" />,
  p2: <path d="M12 1.5 23.5 22H.5z" />,
  p3: <path d="M12 .5 23.5 12 12 23.5.5 12z" />,
  p4: <circle cx="12" cy="12" r="11" />,
};

/** Shape and word together, so that no priority hangs on a colour alone. */
export function SeverityMark({ priority }: { priority: Priority }): ReactNode {
  const severity = severityOf(priority);
  return (
    <span className={`mark sev-${severity}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        {shapes[severity]}
      </svg>
      <b>{priority}</b>
    </span>
  );
}
