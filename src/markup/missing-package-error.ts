/** Something was asked for that needs packages which are not installed. */
export class MissingPackageError extends Error {
  readonly code = 'ERR_CRAWL_MISSING_PACKAGE';
  override readonly name = 'MissingPackageError';
  /** The packages that are to be installed. */
  readonly packages: readonly string[];

  constructor(what: string, packages: readonly string[], options?: ErrorOptions) {
    super(`${what} needs packages that are not installed: npm install ${packages.join(' ')}`, options);
    this.packages = packages;
  }
}
