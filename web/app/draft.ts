import { useState } from 'react';

/** As much of a browser's storage as a draft needs. */
type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Texts that were typed and not sent yet; they outlive the page, a lost network and the session. */
export function draftIn(storage: Keep, key: string) {
  const name = `pantau.draf.${key}`;
  return {
    read: (): string => storage.getItem(name) ?? '',
    write: (text: string): void => {
      if (text === '') storage.removeItem(name);
      else storage.setItem(name, text);
    },
  };
}

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
