import { UsageError } from './usage-error.ts';

/** The value of an option that is a whole number. @throws UsageError where it is none, or too small. */
export function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`${option} ${text}: expected a whole number from ${least} on`);
}
