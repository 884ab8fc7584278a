import { useState } from 'react';
import { draftIn } from './draft.ts';

/** A text of this browser, kept until it is set to nothing. */
export function useDraft(key: string): readonly [string, (text: string) => void] {
  const [draft] = useState(() => draftIn(localStorage, key));
  const [text, setText] = useState(draft.read);
  return [
    text,
    (next) => {
      draft.write(next);
      setText(next);
    },
  ];
}
