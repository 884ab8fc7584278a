/** As much of a browser's storage as a draft needs. */
interface Keep {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
  removeItem(name: string): void;
}

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
