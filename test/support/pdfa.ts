import { inflateSync } from 'node:zlib';

/**
 * What a PDF breaks of the clauses of ISO 19005-3 (level B) that concern files such as ours: one column of drawn text and lines, embedded
 * fonts, files inside, signatures by incremental update. No validator is to be had from the registries that the project uses; this one
 * reads the file's objects itself. It is strict about what it knows and knows nothing of pictures, forms and tagged structure.
 */
export function breaksOfPdfA3(pdf: Uint8Array): string[] {
  const file = Buffer.from(pdf).toString('latin1');
  const objects = objectsOf(file);
  const all = [...objects.values()];
  const broken: string[] = [];
  const check = (clause: string, what: string, holds: boolean): void => {
    if (!holds) broken.push(`${clause} ${what}`);
  };
  const refOf = (text: string, key: string): PdfObject | undefined =>
    objects.get(Number(new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1]));

  check('6.1.2', 'the header is followed by a comment of four bytes above 127', /^%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}/.test(file));
  const trailers = file.split('trailer').slice(1);
  check('6.1.3', 'every trailer has an ID and the same root', trailers.length > 0 && trailers.every((each) => /\/ID\s*\[\s*<[0-9a-fA-F]+>\s*<[0-9a-fA-F]+>\s*\]/.test(each)));
  check('6.1.3', 'it is not encrypted', !trailers.some((each) => each.includes('/Encrypt')));
  check('6.1.3', 'nothing follows the last end-of-file mark', /%%EOF\r?\n?$/.test(file));
  for (const { number, dictionary, data } of all) {
    if (data === undefined) continue;
    const length = Number(/\/Length (\d+)(?! 0 R)/.exec(dictionary)?.[1]);
    check('6.1.7.1', `stream ${number} has the length that it names`, length === data.length);
    check('6.1.7.1', `stream ${number} lies in the file, by a filter that is allowed`, !/\/(F|FFilter|FDecodeParms) /.test(dictionary.replaceAll(/\/Filter|\/FontFile\d/g, '')) && !dictionary.includes('LZWDecode'));
  }

  const catalog = all.findLast(({ dictionary }) => /\/Type \/Catalog\b/.test(dictionary))?.dictionary ?? '';
  const intent = all.find(({ dictionary }) => dictionary.includes('/S /GTS_PDFA1'))?.dictionary ?? '';
  const profile = refOf(intent, 'DestOutputProfile');
  check('6.2.3', 'the output intent has an ICC profile of RGB', catalog.includes('/OutputIntents') && /\/N 3\b/.test(profile?.dictionary ?? '') && profile?.text().slice(16, 20) === 'RGB ' && profile.text().slice(36, 40) === 'acsp');
  check('6.2.10', 'no transparency', !all.some(({ dictionary }) => /\/S \/Transparency|\/SMask|\/CA |\/ca /.test(dictionary)));
  check('6.5.1', 'no action, no script, no form by XFA', !/\/(JavaScript|Launch|OpenAction|AA|XFA)\b/.test(all.map(({ dictionary }) => dictionary).join('\n')));

  for (const { number, dictionary } of all.filter((each) => /\/Type \/Font\b/.test(each.dictionary))) {
    const isComposite = dictionary.includes('/Subtype /Type0');
    if (isComposite) {
      check('6.2.11.7', `font ${number} maps to Unicode`, refOf(dictionary, 'ToUnicode') !== undefined);
      continue;
    }
    const file2 = refOf(refOf(dictionary, 'FontDescriptor')?.dictionary ?? '', 'FontFile2');
    check('6.2.11.4', `font ${number} is embedded`, (file2?.text().length ?? 0) > 0);
    check('6.2.11.3.2', `font ${number} maps its CIDs to glyphs`, dictionary.includes('/CIDToGIDMap /Identity'));
  }
  const shown = all.filter(({ dictionary }) => /\/Type \/Page\b/.test(dictionary)).map(({ dictionary }) => refOf(dictionary, 'Contents')?.text() ?? '');
  check('6.2.2', 'every page has its content', shown.length > 0 && shown.every((text) => text.length > 0));
  const content = shown.join('\n');
  check('6.2.11.8', 'no text shows the glyph .notdef', ![...content.matchAll(/<([0-9a-f]*)>/g)].some(([, hex = '']) => [...hex.matchAll(/.{4}/g)].some(([code]) => code === '0000')));
  check('6.2.4.3', 'colours are RGB or grey', !/DeviceCMYK|\s[kK]\s/.test(content));
  const used = new Set([...content.matchAll(/\/(F\d+) [\d.]+ Tf/g)].map(([, name]) => name));
  check('6.2.11.4', 'only fonts of the file are used', [...used].every((name) => new RegExp(`/${name} \\d+ 0 R`).test(all.map(({ dictionary }) => dictionary).join('\n'))));

  const xmp = refOf(catalog, 'Metadata');
  const metadata = Buffer.from(xmp?.text() ?? '', 'latin1').toString('utf8');
  check('6.6.4', 'the metadata names part 3, level B', /<pdfaid:part>3</.test(metadata) && /<pdfaid:conformance>B</.test(metadata));
  check('6.6.2', 'the metadata is not compressed', xmp !== undefined && !xmp.dictionary.includes('/Filter'));
  check('6.6.3', 'the metadata has the title and the language is named', /<rdf:li xml:lang="x-default">[^<]+</.test(metadata) && /\/Lang \(\w+\)/.test(catalog));

  for (const { number, dictionary } of all.filter((each) => /\/Type \/Filespec\b/.test(each.dictionary))) {
    check('6.8', `file ${number} says how it belongs to the document`, /\/AFRelationship \/(Data|Source|Alternative|Supplement|Unspecified)\b/.test(dictionary) && /\/F \(/.test(dictionary) && /\/UF \(/.test(dictionary));
    check('6.8', `file ${number} has a media type`, /\/Subtype \/\w+#2F\w+/.test(objects.get(Number(/\/F (\d+) 0 R/.exec(dictionary)?.[1]))?.dictionary ?? ''));
    check('6.8', `file ${number} is associated with the document`, /\/AF \[/.test(catalog));
  }
  for (const { number, dictionary } of all.filter((each) => /\/Subtype \/Widget\b/.test(each.dictionary))) {
    const flags = Number(/\/F (\d+)(?! 0 R)/.exec(dictionary)?.[1] ?? 0);
    check('6.3.2', `annotation ${number} is printed and not hidden`, (flags & 4) === 4 && (flags & 0b100011) === 0);
    const isInvisible = /\/Rect \[\s*0 0 0 0\s*\]/.test(dictionary);
    check('6.3.3', `annotation ${number} has an appearance, or no size`, isInvisible || dictionary.includes('/AP'));
  }
  for (const [, from, gap, next, rest] of file.matchAll(/\/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)\s*\]/g))
    check('6.4.3', 'a signature covers the file as it then was', from === '0' && Number(gap) < Number(next) && Number(next) + Number(rest) <= pdf.length);
  return broken;
} // prettier-ignore

interface PdfObject {
  readonly number: number;
  readonly dictionary: string;
  /** As it is in the file; undefined: it is no stream. */
  readonly data: string | undefined;
  /** Of a stream, inflated. */
  text(): string;
}

/** A later object of the same number takes the place of the earlier one: that is what an incremental update does. */
function objectsOf(file: string): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  const begin = /(?:^|[\r\n])(\d+) 0 obj\b/g;
  for (let found = begin.exec(file); found !== null; found = begin.exec(file)) {
    const number = Number(found[1]);
    const start = begin.lastIndex;
    const stream = /^(?:(?!endobj)[^])*?>>\s*stream\r?\n/.exec(file.slice(start, start + 200_000));
    const length = stream === null ? undefined : Number(/\/Length (\d+)(?! 0 R)/.exec(stream[0])?.[1]);
    const dataAt = start + (stream?.[0].length ?? 0);
    const data = length === undefined ? undefined : file.slice(dataAt, dataAt + length);
    const end = file.indexOf('endobj', data === undefined ? start : dataAt + data.length);
    const dictionary = stream === null ? file.slice(start, end) : stream[0];
    objects.set(number, {
      number,
      dictionary,
      data,
      text: () =>
        data === undefined || !dictionary.includes('/FlateDecode')
          ? (data ?? '')
          : inflateSync(Buffer.from(data, 'latin1')).toString('latin1'),
    });
    begin.lastIndex = end;
  }
  return objects;
}
