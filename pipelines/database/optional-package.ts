import { createRequire } from 'node:module';
import { ComponentError, errorMessage } from '../../src/api.ts';

const load = createRequire(import.meta.url);

/**
 * Loads a package that only one component needs, so that neither the compiler nor a bundler wants it to be there.
 *
 * @throws ComponentError when it is not installed, or does not load.
 */
export function optionalPackage(component: string, name: string, hint = ''): unknown {
  try {
    return load(name) as unknown;
  } catch (error) {
    const isMissing = errorMessage(error).startsWith(`Cannot find module '${name}'`);
    const problem = isMissing
      ? `needs the package ${name}, which is not installed: npm install ${name}`
      : `the package ${name} does not load: ${errorMessage(error)}`;
    throw new ComponentError(component, problem + hint, { cause: error });
  }
}
