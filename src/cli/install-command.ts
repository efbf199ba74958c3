import { sep } from 'node:path';
import { shellWord } from './shell-word.ts';

/**
 * What installs this framework in a project. A copy that no package manager put there is a clone, and may be
 * one that no registry has: it is installed from where it lies.
 *
 * @param root the folder of the framework's running copy.
 */
export function installCommand(root: string): string {
  return isInstalled(root) ? 'npm install orbweaver' : `npm install ${shellWord(root)}`;
}

/** What installs the packages that a project names, this framework among them. */
export function installProjectCommand(root: string): string {
  return isInstalled(root) ? 'npm install' : installCommand(root);
}

function isInstalled(root: string): boolean {
  return root.split(sep).includes('node_modules');
}
