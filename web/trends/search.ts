/** Fewer letters are in the name of nearly everything. */
const leastLetters = 3;
/** More forms make the question long and the answer no better. */
const mostForms = 40;

type Names = Readonly<Record<string, string>>;

/**
 * What is typed, as the server is asked for it: every word with the ids of the quantities whose name in the page's language holds it,
 * or of kinds of devices where no quantity does. `suhu hall-1` → `suhu|temperature|temperature-max hall-1`.
 */
export function searchText(
  typed: string,
  { quantities, kinds }: { readonly quantities: Names; readonly kinds: Names },
): string {
  return typed
    .toLowerCase()
    .replaceAll('|', ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)
    .map((word) => {
      if (word.length < leastLetters) return word;
      const named = idsOf(word, quantities);
      return [word, ...(named.length > 0 ? named : idsOf(word, kinds))].slice(0, mostForms).join('|');
    })
    .join(' ')
    .slice(0, 2_000);
}

function idsOf(word: string, names: Names): string[] {
  return Object.entries(names).flatMap(([id, name]) => (name.toLowerCase().includes(word) ? [id] : []));
}
