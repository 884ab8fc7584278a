import type { TypeCheck } from '../../core/receive-file.ts';

/** Of which kinds a file may be that is attached to an incident, told by its bytes and never by its name. */
const kinds = [
  { type: 'application/pdf', extension: 'pdf', starts: [[0x25, 0x50, 0x44, 0x46, 0x2d]] },
  { type: 'image/png', extension: 'png', starts: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]] },
  { type: 'image/jpeg', extension: 'jpg', starts: [[0xff, 0xd8, 0xff]] },
] as const;

/** As a sender announces them. */
export const paperTypes: readonly string[] = kinds.map(({ type }) => type);

export interface FileType {
  readonly type: string;
  readonly extension: string;
}

/** For the message of a refusal. */
export const allowedKinds = 'a PDF, a PNG or JPEG picture, or plain text';
export const allowedPapers = 'a PDF or a PNG or JPEG picture';
/** The longest of `starts`: with fewer bytes a kind is not certain yet. */
const headBytes = 8;

/** A paper by its first bytes. */
export function paperCheck(): TypeCheck<FileType> {
  let head = Buffer.alloc(0);
  return {
    accept(part) {
      if (head.length >= headBytes) return true;
      head = Buffer.concat([head, part.subarray(0, headBytes)]);
      return head.length < headBytes || paperTypeOf(head) !== undefined;
    },
    end: () => paperTypeOf(head),
  };
}

/** A paper by its first bytes, or plain text by all of them. */
export function fileCheck(): TypeCheck<FileType> {
  let head = Buffer.alloc(0);
  let text: TextCheck | undefined;
  let size = 0;
  return {
    accept(part) {
      size += part.length;
      if (text !== undefined) return text.accept(part);
      if (head.length >= headBytes) return true;
      head = Buffer.concat([head, part]);
      if (head.length < headBytes) return true;
      if (paperTypeOf(head) !== undefined) return true;
      text = createTextCheck();
      return text.accept(head);
    },
    end() {
      if (size === 0) return undefined;
      const paper = paperTypeOf(head);
      if (paper !== undefined) return paper;
      if (text === undefined) {
        text = createTextCheck();
        if (!text.accept(head)) return undefined;
      }
      return text.end() ? { type: 'text/plain; charset=utf-8', extension: 'txt' } : undefined;
    },
  };
}

/** A PDF or a picture; undefined: neither. */
function paperTypeOf(bytes: Uint8Array): FileType | undefined {
  const found = kinds.find(({ starts }) =>
    starts.some((start) => start.every((byte, place) => bytes[place] === byte)),
  );
  return found === undefined ? undefined : { type: found.type, extension: found.extension };
}

interface TextCheck {
  accept(part: Uint8Array): boolean;
  end(): boolean;
}

/** UTF-8 without control characters, and no markup that a browser could run. */
function createTextCheck(): TextCheck {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begin = '';
  const isPlain = (text: string): boolean => {
    if (begin.length < headBytes) begin = (begin + text).trimStart().slice(0, headBytes);
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    return !/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text) && !/^<(?:!|\?|[a-z])/i.test(begin);
  };
  const decoded = (part?: Uint8Array): boolean => {
    try {
      return isPlain(part === undefined ? decoder.decode() : decoder.decode(part, { stream: true }));
    } catch {
      return false;
    }
  };
  return { accept: (part) => decoded(part), end: () => decoded() };
}

const longestName = 100;

/** The name that it is saved under: no folders, no odd characters, and the ending of what it is. */
export function safeName(name: string, { extension }: FileType): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const stem = last
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9._ -]+/g, '')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
    .slice(0, longestName);
  return `${stem === '' ? 'lampiran' : stem}.${extension}`;
}
