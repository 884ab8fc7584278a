import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
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
  return (
    <RadioGroup.Root
      className="choice"
      orientation="horizontal"
      aria-label={label}
      value={chosen}
      onValueChange={(value) => {
        const option = options.find(({ name }) => name === value);
        if (option !== undefined) onChoose(option.name);
      }}
    >
      {options.map(({ name, text, key }) => (
        <RadioGroup.Item key={name} value={name} aria-keyshortcuts={key}>
          {key === undefined ? null : <kbd>{key}</kbd>} {text}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
