import { emptyColumns, type Columns } from '../columns.ts';
import type { NamedReading } from '../reading.ts';
import { pointRows, type Database } from './schema.ts';

/** Point ids ↔ the numbers that a file uses for them. The model's own indices change with the configuration. */
export interface Dictionary {
  /** Gives numbers to new names; call it inside a transaction. */
  toColumns(readings: readonly NamedReading[]): Columns;
  /** Throws on an unknown number. */
  toReadings(columns: Columns): NamedReading[];
  /** Call it after a rollback. */
  reload(): void;
}

export function createDictionary(database: Database): Dictionary {
  const select = database.prepare('select id, name from point order by id');
  const insert = database.prepare('insert into point (id, name) values (?, ?)');
  let names: string[] = [];
  let numbers = new Map<string, number>();

  function reload(): void {
    const rows = pointRows.parse(select.all());
    names = rows.map(({ name }) => name);
    numbers = new Map(names.map((name, id) => [name, id]));
  }

  function numberOf(name: string): number {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const id = names.length;
    insert.run(id, name);
    names.push(name);
    numbers.set(name, id);
    return id;
  }

  reload();
  return {
    toColumns(readings) {
      const columns = emptyColumns(readings.length);
      readings.forEach((reading, index) => {
        columns.series[index] = numberOf(reading.point);
        columns.at[index] = Math.round(reading.at);
        columns.value[index] = reading.value;
        columns.quality[index] = reading.quality;
      });
      return columns;
    },
    toReadings: ({ series, at, value, quality }) =>
      Array.from(at, (time, index) => {
        const point = names[series[index] ?? -1];
        if (point === undefined) throw new Error(`the file has no point with the number ${series[index]}`);
        return { point, at: time, value: value[index] ?? Number.NaN, quality: quality[index] ?? 0 };
      }),
    reload,
  };
}
