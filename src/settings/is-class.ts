/** Whether a function is a class, which cannot be called without `new`. */
export function isClass(value: unknown): value is new () => object {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** The function that makes one of a class, as it would be written: `() => new MyPipeline()`. */
export function makerOf({ name }: { readonly name: string }): string {
  return `() => new ${name || 'MyComponent'}()`;
}
