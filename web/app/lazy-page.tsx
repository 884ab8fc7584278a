import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { allTexts } from '../i18n/texts.ts';

/** A page whose code is fetched when it is first opened. */
export function lazyPage<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType>>>,
  name: Name,
): LazyExoticComponent<ComponentType> {
  return lazyPart<Name, object>(load, name);
}

/** The same for a part of a page. With the code come the texts that the wall does without. */
export function lazyPart<Name extends string, Props>(
  load: () => Promise<Readonly<Record<Name, ComponentType<Props>>>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    const [code] = await Promise.all([load(), allTexts()]);
    return { default: code[name] };
  });
}
