import { errorMessage, isCrawlError } from '../errors/crawl-error.ts';
import { OutputError } from '../errors/output-error.ts';

const PROBLEMS: ReadonlyMap<unknown, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file would be larger than allowed'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the disk is read-only'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'part of its path is a file'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EMFILE', 'too many open files'],
]);

/** Any fault of writing as the error that stops the crawl, in words; what the system said is its cause. */
export function outputProblem(location: string, cause: unknown): Error {
  if (isCrawlError(cause)) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return new OutputError(location, PROBLEMS.get(code) ?? errorMessage(cause), { cause });
}
