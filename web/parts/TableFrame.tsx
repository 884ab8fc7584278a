import type { ReactNode } from 'react';

/** A table that may be wider than the screen. It scrolls in its own frame, which the keyboard can reach: Tab, then the arrows. */
export function TableFrame({
  label,
  className = '',
  children,
}: {
  /** What is in it, for who does not see it. */
  label: string;
  className?: string;
  children: ReactNode;
}): ReactNode {
  return (
    // A frame that only a finger or a wheel can scroll would hide its columns from the keyboard (axe: scrollable-region-focusable).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role
    <div className={`table-frame ${className}`.trim()} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
