/** One line of `crawl doctor`. */
export interface Finding {
  /** `note` says what is so; `warn` what may surprise; `fail` what keeps crawls from running. */
  readonly level: 'ok' | 'note' | 'warn' | 'fail';
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Something is as it should be. */
export const ok = (text: string): Finding => ({ level: 'ok', text });
/** Something is so, which is neither good nor bad. */
export const note = (text: string): Finding => ({ level: 'note', text });
/** Something may surprise. */
export const warn = (text: string, advice: string): Finding => ({ level: 'warn', text, advice });
/** Something keeps crawls from running. */
export const fail = (text: string, advice: string): Finding => ({ level: 'fail', text, advice });
