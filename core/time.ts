/** Epoch ms → ISO 8601. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** For what may never have happened. */
export function isoOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : iso(ms);
}

/** `iso` for very many times in one answer: those of one minute share its text. */
export function createIsoWriter(): (ms: number) => string {
  let minute = Number.NaN;
  let head = '';
  return (ms) => {
    const whole = Math.trunc(ms);
    const inMinute = Math.floor(whole / 60_000);
    if (inMinute !== minute) {
      head = iso(inMinute * 60_000).slice(0, -7);
      minute = inMinute;
    }
    const rest = String(100_000 + whole - inMinute * 60_000);
    return `${head}${rest.slice(1, 3)}.${rest.slice(3)}Z`;
  };
}
