/** Adds values to the end of a list, however many they are: `push(...values)` fails from about 100,000 on. */
export function appendAll<Value>(list: Value[], values: Iterable<Value>): void {
  for (const value of values) list.push(value);
}
