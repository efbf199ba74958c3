// Compares the records of an export with what each page must have given.
import { PAGES } from './page-item.mjs';
import { readRecords } from './read-records.mjs';

/**
 * Reads an export and counts `missing` and `double` ids and `broken` records, with a few `reasons`. A record with
 * a wrong field is broken; ids in `excused` may be missing.
 *
 * @param {string} name its ending tells the format
 * @param {Uint8Array} bytes
 * @param {(id: number) => object} itemOf what a page gives
 */
export function checkRecords(name, bytes, itemOf, { excused = [] } = {}) {
  const { records, broken, isTyped, titles } = readRecords(name, bytes);
  const reasons = broken.map((reason) => `${name}: ${reason}`);
  const fields = titles === undefined ? undefined : everyField(itemOf);
  if (fields !== undefined && titles.toSorted().join() !== fields.toSorted().join()) {
    reasons.push(`${name}: its columns are ${titles.join()}, not ${fields.join()}`);
  }
  const times = new Map();
  for (const record of records) {
    const id = Number(record.id);
    times.set(id, (times.get(id) ?? 0) + 1);
    const isPage = Number.isInteger(id) && id >= 0 && id < PAGES;
    if (!isPage || !isSame(record, itemOf(id), isTyped, fields)) {
      reasons.push(`${name}: wrong record ${JSON.stringify(record).slice(0, 200)}`);
    }
  }
  const missing = pageIds().filter((id) => !times.has(id) && !excused.includes(id));
  const double = [...times].filter(([, count]) => count > 1).map(([id]) => id);
  return { missing, double, broken: reasons.length, reasons: reasons.slice(0, 5) };
}

function pageIds() {
  return Array.from({ length: PAGES }, (_, id) => id);
}

function everyField(itemOf) {
  return [...new Set(pageIds().flatMap((id) => Object.keys(itemOf(id))))];
}

/** Text formats give every value as text; a table has an empty cell for a field that an item lacks. */
function isSame(record, item, isTyped, fields = Object.keys(item)) {
  const names = Object.keys(record);
  if (names.length !== fields.length) return false;
  return fields.every((field) => {
    const wanted = item[field] ?? '';
    return Object.hasOwn(record, field) && record[field] === (isTyped ? wanted : String(wanted));
  });
}
