import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import { loadTestTexts } from '../../domain/wording/load-test.ts';
import type { LoadTestView } from '../../server/contracts/load-test-document.ts';
import { useFormat } from '../format/FormatContext.tsx';

const marks = { pass: CircleCheck, fail: CircleX, 'not-proven': CircleHelp } as const;

/** Passed, failed or not proven: a mark of its own shape beside the word. */
export function Verdict({ verdict }: { verdict: LoadTestView['verdict'] }): ReactNode {
  const { language } = useFormat();
  const Mark = marks[verdict];
  return (
    <span className={`loadtest-verdict loadtest-verdict--${verdict}`}>
      <Mark aria-hidden="true" size="1.1em" /> {loadTestTexts[language].verdicts[verdict]}
    </span>
  );
}
