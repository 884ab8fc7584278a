import { useId, type ReactNode } from 'react';
import './choice.css';

interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly options: readonly { readonly name: Name; readonly text: string; readonly key?: string }[];
  readonly chosen: Name;
  readonly onChoose: (name: Name) => void;
}

/** One of a few, side by side; `key` is the keyboard's shortcut, shown before the text. */
export function Choice<Name extends string>({
  label,
  options,
  chosen,
  onChoose,
}: ChoiceProps<Name>): ReactNode {
  const group = useId();
  return (
    <fieldset className="choice">
      <legend className="hidden">{label}</legend>
      {options.map(({ name, text, key }) => (
        <label key={name}>
          <input
            type="radio"
            className="hidden"
            name={group}
            checked={name === chosen}
            aria-keyshortcuts={key}
            onChange={() => {
              onChoose(name);
            }}
          />
          {key === undefined ? null : <kbd>{key}</kbd>} {text}
        </label>
      ))}
    </fieldset>
  );
}
