import type { SyntheticEvent } from 'react';

/** A form's handler that does what the form is for and keeps the browser on the page. */
export function submitting(work: (form: HTMLFormElement) => void) {
  return (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    work(event.currentTarget);
  };
}
