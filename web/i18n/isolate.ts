/** In the marks of Unicode (FSI, PDI) where a text has letters that are written from right to left; any other as it is. */
export function isolate(text: string): string {
  return /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/.test(text) ? `\u2068${text}\u2069` : text;
}
