import type { Database } from './schema.ts';

/** Keeps which series' readings are evidence, and from when to when; the expiry passes over them. */
export interface Pins {
  /** The same name again replaces the pin. In a transaction of the caller. */
  put(
    pin: { readonly name: string; readonly from: number; readonly to: number },
    series: Iterable<number>,
  ): void;
}

export function createPins(database: Database): Pins {
  const putPin = database.prepare('insert or replace into pin (name, begin, finish) values (?, ?, ?)');
  const deleteSeries = database.prepare('delete from pin_series where name = ?');
  const putSeries = database.prepare('insert into pin_series (name, series) values (?, ?)');
  return {
    put({ name, from, to }, series) {
      putPin.run(name, from, to);
      deleteSeries.run(name);
      for (const each of new Set(series)) putSeries.run(name, each);
    },
  };
}
