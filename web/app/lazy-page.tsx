import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { allTexts } from '../i18n/texts.ts';

/** A page, or a part of one, whose code is fetched when it is first opened, with the texts that the wall does without. */
export function lazyPage<Name extends string, Props>(
  load: () => Promise<Readonly<Record<Name, ComponentType<Props>>>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    const [code] = await Promise.all([load(), allTexts()]);
    return { default: code[name] };
  });
}
