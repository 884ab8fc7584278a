import type { SnmpValue, Varbind } from '../snmp/source.ts';

const kinds = {
  '2': 'integer', '4': 'octets', '5': 'null', '6': 'oid', '64': 'ip', '65': 'counter32', '66': 'gauge32', '67': 'timeticks', '70': 'counter64',
} as const; // prettier-ignore

export interface Recording {
  /** In the file's order; an OID that repeats is there once, with its first value. */
  readonly varbinds: readonly Varbind[];
  /** Lines that could not be understood, 1-based, with the reason. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/**
 * Reads a recorded walk (`OID|TAG|VALUE` by line). As found in real recordings it may be unsorted, repeat OIDs, have
 * CRLF, `#` comments, leading dots, trailing NULs and no newline at the end. The bytes are Latin-1.
 */
export function parseSnmprec(bytes: Buffer): Recording {
  const varbinds = new Map<string, Varbind>();
  const problems: { line: number; problem: string }[] = [];
  for (const [index, line] of bytes.toString('latin1').split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const parsed = parseLine(line);
    if (typeof parsed === 'string') problems.push({ line: index + 1, problem: parsed });
    else if (!varbinds.has(parsed.oid)) varbinds.set(parsed.oid, parsed);
  }
  return { varbinds: [...varbinds.values()], problems };
}

function parseLine(line: string): Varbind | string {
  const [, oid, tag = '', hex, text = ''] = /^\.?(\d+(?:\.\d+)+)\|(\d+)([a-z]?)\|(.*)$/s.exec(line) ?? [];
  if (oid === undefined) return 'not OID|TAG|VALUE';
  if (!isKnown(tag)) return `unknown tag ${tag}`;
  if (hex === 'x' || hex === 'e') {
    const bytes = hex === 'x' ? Buffer.from(text, 'hex') : unescapeBytes(text);
    const value = fromBytes(kinds[tag], bytes);
    return value === undefined ? `a ${kinds[tag]} cannot be written as bytes` : { oid, value };
  }
  const value = fromText(kinds[tag], text);
  return value === undefined ? `${JSON.stringify(text)} is no ${kinds[tag]}` : { oid, value };
}

function isKnown(tag: string): tag is keyof typeof kinds {
  return Object.hasOwn(kinds, tag);
}

function fromText(type: SnmpValue['type'], text: string): SnmpValue | undefined {
  switch (type) {
    case 'octets':
      return { type, value: text };
    case 'null':
      return { type };
    case 'oid': {
      const value = text.trim().replace(/^\./, '');
      return /^\d+(\.\d+)+$/.test(value) ? { type, value } : undefined;
    }
    case 'ip':
      if (/^\d+\.\d+\.\d+\.\d+$/.test(text.trim())) return { type, value: text.trim() };
      return text.length === 4 ? fromBytes(type, Buffer.from(text, 'latin1')) : undefined;
    case 'counter64':
      return /^\d+$/.test(text.trim()) ? { type, value: BigInt(text.trim()) } : undefined;
    case 'integer':
    case 'counter32':
    case 'gauge32':
    case 'timeticks':
      return /^-?\d+$/.test(text.trim()) ? { type, value: Number(text.trim()) } : undefined;
  }
}

function fromBytes(type: SnmpValue['type'], bytes: Buffer): SnmpValue | undefined {
  if (type === 'octets') return { type, value: bytes };
  if (type === 'ip' && bytes.length === 4) return { type, value: [...bytes].join('.') };
  return undefined;
}

/** `\xHH`, `\n`, `\\` and the like, as in a Python string. */
function unescapeBytes(text: string): Buffer {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };
  const plain = text.replace(
    /\\(?:x([0-9a-fA-F]{2})|(.))/gs,
    (_, hex: string | undefined, other: string | undefined) =>
      hex === undefined ? (named[other ?? ''] ?? other ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}
