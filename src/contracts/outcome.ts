/** What a hook may answer: nothing (go on), a value, or a promise of either. */
export type Outcome<Value> = Value | undefined | void | Promise<Value | undefined | void>;
