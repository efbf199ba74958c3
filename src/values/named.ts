/** Gives a component's factory the name that users move, replace or remove it by in a component list. */
export function named<Made>(componentName: string, factory: Made): Made & { readonly componentName: string } {
  return Object.assign(factory as Made & object, { componentName });
}
