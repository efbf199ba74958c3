import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * A package that is loaded at its first use, not with the module that names it. Commands that parse nothing
 * then pay for no parser, and what asks for the package stays synchronous.
 */
export function lazyPackage<Module>(name: string): () => Module {
  let loaded: Module | undefined;
  return () => {
    loaded ??= require(name) as Module;
    return loaded;
  };
}
