const key = 'pantau.tren';

/** What the tab's trend page last showed: a point that is added from elsewhere joins it. */
export const savedTrend = {
  read: (storage: Pick<Storage, 'getItem'>): string => storage.getItem(key) ?? '',
  write(storage: Pick<Storage, 'setItem'>, search: URLSearchParams): void {
    const kept = new URLSearchParams(search);
    kept.delete('titik');
    storage.setItem(key, kept.toString());
  },
};
