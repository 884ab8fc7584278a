/** Fewer letters are in the name of nearly everything. */
const leastLetters = 3;
/** More forms make the question long and the answer no better. */
const mostForms = 40;

/**
 * What is typed, as the server is asked for it: every word with the ids of quantities and kinds whose name in the page's language holds
 * it. `suhu hall-1` → `suhu|temperature|temperature-max hall-1`.
 */
export function searchText(typed: string, names: Readonly<Record<string, string>>): string {
  const lowered = Object.entries(names).map(([id, name]) => [id, name.toLowerCase()] as const);
  return typed
    .toLowerCase()
    .replaceAll('|', ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)
    .map((word) => {
      if (word.length < leastLetters) return word;
      const ids = lowered.filter(([, name]) => name.includes(word)).map(([id]) => id);
      return [word, ...new Set(ids)].slice(0, mostForms).join('|');
    })
    .join(' ')
    .slice(0, 2_000);
}
