import type { ReactNode } from 'react';

interface FilterChoice {
  readonly value: string;
  readonly text: string;
}

/** One filter of a list; `name` is its name in the page's address. */
export type FilterField = { readonly name: string; readonly label: string } & (
  | { readonly kind: 'text'; readonly maxLength: number }
  | { readonly kind: 'day' }
  | {
      readonly kind: 'choice';
      /** What it is called that nothing is chosen. */
      readonly all: string;
      readonly choices: readonly FilterChoice[];
    }
);

interface FilterRowProps {
  readonly fields: readonly FilterField[];
  readonly search: URLSearchParams;
  /** An empty text takes the filter out. */
  readonly onChange: (name: string, text: string) => void;
  /** What stands at its end: files of what is shown. */
  readonly children?: ReactNode;
}

/** What a list is narrowed to, a field each; their values are in the page's address. */
export function FilterRow({ fields, search, onChange, children }: FilterRowProps): ReactNode {
  return (
    <search className="access-filters">
      {fields.map((field) => (
        <label key={field.name} className="field">
          {field.label}
          <Control
            field={field}
            value={search.get(field.name) ?? ''}
            onChange={(text) => {
              onChange(field.name, text);
            }}
          />
        </label>
      ))}
      {children === undefined ? null : <span className="access-files">{children}</span>}
    </search>
  );
}

interface ControlProps {
  readonly field: FilterField;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function Control({ field, value, onChange }: ControlProps): ReactNode {
  const change = (event: { target: { value: string } }): void => {
    onChange(event.target.value);
  };
  switch (field.kind) {
    case 'text':
      return <input className="input" type="search" maxLength={field.maxLength} value={value} onChange={change} />;
    case 'day':
      return <input className="input" type="date" value={value} onChange={change} />;
    case 'choice':
      return (
        <select className="input" value={value} disabled={field.choices.length === 0} onChange={change}>
          <option value="">{field.all}</option>
          {field.choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.text}</option>)}
        </select>
      );
  }
} // prettier-ignore

/** The address with one filter changed. */
export function withFilter(search: URLSearchParams, name: string, text: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (text === '') next.delete(name);
  else next.set(name, text);
  return next;
}
