/** Whether a spider has a method, or a field that holds a function, of a name. */
export function hasCallback(spider: object, name: string): boolean {
  return !(name in Object.prototype) && typeof Reflect.get(spider, name) === 'function';
}

/** The names of a spider's methods and of fields that hold functions, without asking accessors. */
export function callbackNames(spider: object): string[] {
  const names = new Set<string>();
  for (
    let owner = spider;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner)))
      if (name !== 'constructor' && typeof value === 'function') names.add(name);
  }
  return [...names];
}
