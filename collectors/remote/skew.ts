/** How far this machine's clock is from the server's, calculated from the times of requests and answers, as NTP does. */
export interface SkewMeter {
  add(times: {
    readonly sentAt: number;
    readonly receivedAt: number;
    readonly answeredAt: number;
    readonly heardAt: number;
  }): void;
  /** Our clock minus the server's, and the round trip of the sample it was taken from, ms; undefined before the first. */
  figures(): { readonly skewMs: number; readonly roundTripMs: number } | undefined;
}

const samples = 8;

/** The quickest of the latest answers counts: a delay in one direction would be taken for skew. */
export function createSkewMeter(): SkewMeter {
  let latest: { readonly skewMs: number; readonly roundTripMs: number }[] = [];
  return {
    add({ sentAt, receivedAt, answeredAt, heardAt }) {
      const roundTripMs = Math.max(0, heardAt - sentAt - (answeredAt - receivedAt));
      const skewMs = (sentAt - receivedAt + (heardAt - answeredAt)) / 2;
      latest = [...latest, { skewMs, roundTripMs }].slice(-samples);
    },
    figures: () => latest.toSorted((a, b) => a.roundTripMs - b.roundTripMs)[0],
  };
}
