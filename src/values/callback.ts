/** The least that a response or failure is. What callbacks get is a whole `Response` or `Failure`. */
interface Given {
  readonly callback: { readonly url: string; readonly status: number; readonly body: Uint8Array };
  readonly errback: { readonly error: Error };
}

/** Parameters of methods are compared both ways: a callback may ask for the whole `Response`, but not for a number. */
interface Taker<Kind extends keyof Given> {
  take(given: Given[Kind], args: never): void;
}

/**
 * A method of the spider that takes a response. It returns, or yields, requests and items.
 * Its return type stays open here so that callbacks may name each other without annotations.
 */
export type Callback<Args = unknown> = ((response: never, args: Args) => void) & Taker<'callback'>['take'];

/** A method of the spider that takes what a request failed with. It may yield like a callback. */
export type Errback<Args = unknown> = ((failure: never, args: Args) => void) & Taker<'errback'>['take'];

/** A callback as a request carries it: the method itself, or its name once the request has been stored. */
export type CallbackReference = string | ((...args: never[]) => unknown);
