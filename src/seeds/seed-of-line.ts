import { errorMessage } from '../errors/crawl-error.ts';
import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import { Request, type RequestOptions } from '../values/request.ts';

interface Rule {
  readonly wants: string;
  readonly fits: (value: unknown) => boolean;
}

const text: Rule = { wants: 'a text', fits: (value) => typeof value === 'string' };
const object: Rule = {
  wants: 'an object',
  fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** What a line of JSON may say. */
const FIELDS: Readonly<Record<string, Rule>> = {
  url: text,
  method: text,
  headers: {
    wants: 'an object of texts',
    fits: (value) => object.fits(value) && Object.values(value as object).every(text.fits),
  },
  body: text,
  meta: object,
  cbKwargs: object,
  priority: { wants: 'a number', fits: (value) => typeof value === 'number' && Number.isFinite(value) },
  callback: text,
};

/**
 * The request of one line of a seed file: a URL, or a JSON object with `url` and options. Undefined: the line is
 * blank or a comment.
 *
 * @param hasCallback - whether the spider has a method of that name.
 * @throws InvalidRequestError on anything else.
 */
export function seedOfLine(line: string, hasCallback: (name: string) => boolean): Request | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  if (!trimmed.startsWith('{')) return new Request(absolute(trimmed));
  const { url, ...options } = fieldsOf(trimmed);
  if (options.callback !== undefined && !hasCallback(options.callback))
    throw new InvalidRequestError(`the spider has no callback ${JSON.stringify(options.callback)}`);
  return new Request(absolute(url), options);
}

type SeedFields = Pick<RequestOptions, 'method' | 'headers' | 'body' | 'meta' | 'cbKwargs' | 'priority'> & {
  readonly url: string;
  readonly callback?: string;
};

function fieldsOf(line: string): SeedFields {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    throw new InvalidRequestError(`not valid JSON (${errorMessage(error)})`, { cause: error });
  }
  const given = Object.entries(value).filter(([, member]) => member !== null);
  for (const [name, member] of given) {
    const rule = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (rule === undefined)
      throw new InvalidRequestError(
        `unknown field ${JSON.stringify(name)}: ${Object.keys(FIELDS).join(', ')} are known`,
      );
    if (!rule.fits(member)) throw new InvalidRequestError(`${name} must be ${rule.wants}`);
  }
  if (!Object.hasOwn(value, 'url')) throw new InvalidRequestError('the field url is missing');
  return Object.fromEntries(given) as unknown as SeedFields;
}

function absolute(url: string): string {
  if (URL.canParse(url)) return url;
  throw new InvalidRequestError(
    `${JSON.stringify(url.slice(0, 200))} is not an absolute URL such as https://site.test/`,
  );
}
