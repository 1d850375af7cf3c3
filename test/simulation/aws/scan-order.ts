/** The order in which a scan finds items. */

/** Where a scan finds an item. */
export interface Place {
  readonly name: string;
  readonly place: number;
}

/** DynamoDB orders partitions by a hash of their key. */
export function placeOf(name: string): number {
  const [partition = ''] = name.split('/');
  let hash = 0;
  for (let index = 0; index < partition.length; index += 1) {
    hash = (Math.imul(hash, 31) + partition.charCodeAt(index)) >>> 0;
  }
  return hash;
}

export function byPlace(a: Place, b: Place): number {
  return a.place - b.place || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** The index of the first entry after the name. The name itself need not be in the list. */
export function firstBeyond(places: readonly Place[], name: string): number {
  const limit = { name, place: placeOf(name) };
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byPlace(places[middle] as Place, limit) > 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
