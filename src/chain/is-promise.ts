/** Whether a hook's answer must be waited for. Only real promises are: awaiting a plain value costs a turn. */
export function isPromise<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return (
    typeof value === 'object' && value !== null && typeof (value as PromiseLike<Value>).then === 'function'
  );
}
