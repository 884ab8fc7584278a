import { createElement, lazy, useState, type ComponentType, type ReactNode } from 'react';
import { allTexts } from '../i18n/texts.ts';

/** A page, or a part of one, whose code is fetched when it is first shown. */
export interface LazyPart<Props> {
  (props: Props): ReactNode;
  /** Fetches the code before it is shown: for where the next click most likely goes. Never rejects; what failed is tried again when it is shown. */
  preload(): Promise<void>;
}

/** A page whose code is fetched when it is first opened. */
export function lazyPage<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType>>>,
  name: Name,
): LazyPart<object> {
  return lazyPart<Name, object>(load, name);
}

/** The same for a part of a page. With the code come the texts that the wall does without. */
export function lazyPart<Name extends string, Props extends object>(
  load: () => Promise<Readonly<Record<Name, ComponentType<Props>>>>,
  name: Name,
): LazyPart<Props> {
  let loaded: ComponentType<Props> | undefined;

  async function fetchCode(): Promise<{ default: ComponentType<Props> }> {
    const [code] = await Promise.all([load(), allTexts()]);
    loaded = code[name];
    return { default: code[name] };
  }

  const Fetched = lazy(fetchCode);

  /**
   * What is there is shown without React's `lazy`, which would put the boundary's "loading" on the screen first, and React leaves such a
   * text for 300 ms once it is there. Chosen once: another component in its place would lose the page's state.
   */
  function Part(props: Props): ReactNode {
    const [shown] = useState((): ComponentType<Props> => loaded ?? Fetched);
    return createElement(shown, props);
  }
  Part.preload = async (): Promise<void> => {
    if (loaded === undefined) await fetchCode().catch(() => undefined);
  };
  return Part;
}
