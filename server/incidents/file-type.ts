/** Of which kinds a file may be that is attached to an incident, told by its bytes and never by its name. */
const kinds = [
  { type: 'application/pdf', extension: 'pdf', starts: [[0x25, 0x50, 0x44, 0x46, 0x2d]] },
  { type: 'image/png', extension: 'png', starts: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]] },
  { type: 'image/jpeg', extension: 'jpg', starts: [[0xff, 0xd8, 0xff]] },
] as const;

export interface FileType {
  readonly type: string;
  readonly extension: string;
}

/** For the message of a refusal. */
export const allowedKinds = 'a PDF, a PNG or JPEG picture, or plain text';

/** A PDF or a picture; undefined: neither. */
export function paperTypeOf(bytes: Uint8Array): FileType | undefined {
  const found = kinds.find(({ starts }) =>
    starts.some((start) => start.every((byte, place) => bytes[place] === byte)),
  );
  return found === undefined ? undefined : { type: found.type, extension: found.extension };
}

/** Undefined: of no kind that is taken. */
export function fileTypeOf(bytes: Uint8Array): FileType | undefined {
  const paper = paperTypeOf(bytes);
  if (paper !== undefined) return paper;
  return isPlainText(bytes) ? { type: 'text/plain; charset=utf-8', extension: 'txt' } : undefined;
}

/** UTF-8 without control characters, and no markup that a browser could run. */
function isPlainText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    return !/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text) && !/^\s*<(?:!|\?|[a-z])/i.test(text);
  } catch {
    return false;
  }
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
