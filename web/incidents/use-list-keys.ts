import { useEffect, useEffectEvent } from 'react';

interface ListKeys {
  /** `j` (1) or `k` (−1). */
  readonly move: (by: 1 | -1) => void;
  /** `x` */
  readonly select: () => void;
  /** `a` */
  readonly acknowledge: () => void;
  /** `/` */
  readonly search: () => void;
}

/** Keys of the list; quiet while somebody types or a dialog is open. Enter is the link's own. */
export function useListKeys(keys: ListKeys): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
    const act = actionOf(event.key, keys);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      press(event);
    };
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', listen);
    };
  }, []);
}

function actionOf(key: string, keys: ListKeys): (() => void) | undefined {
  switch (key) {
    case 'j':
      return () => {
        keys.move(1);
      };
    case 'k':
      return () => {
        keys.move(-1);
      };
    case 'x':
      return keys.select;
    case 'a':
      return keys.acknowledge;
    case '/':
      return keys.search;
    default:
      return undefined;
  }
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('textarea, select, input:not([type=checkbox]), [role=dialog], [role=alertdialog], [role=menu]') !== null
  ); // prettier-ignore
}
