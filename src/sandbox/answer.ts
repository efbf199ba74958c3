/** What a visitor gets. */
export interface Answer {
  /** @defaultValue `200` */
  readonly status?: number;
  /** Content type with its charset. */
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** When it last changed, ISO 8601; with it go ETag, Last-Modified and conditional requests. */
  readonly updatedAt?: string;
}

/** Who asks, and for what. */
export interface Visit {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Scheme and host that the visitor used: `http://127.0.0.1:8000`. */
  readonly origin: string;
  /** The Cookie header, or ''. */
  readonly cookie: string;
  /** The posted form; empty for other methods. */
  readonly form: URLSearchParams;
}

/** Another place, by a temporary redirect unless told. */
export function redirectTo(
  location: string,
  status = 302,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    type: 'text/plain; charset=utf-8',
    body: `See ${location}\n`,
    headers: { ...headers, location },
  };
}

/** A value as JSON. */
export function json(value: unknown, status = 200): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` };
}

/** A page in HTML. */
export function page(body: { readonly html: string }, rest: Omit<Answer, 'type' | 'body'> = {}): Answer {
  return { type: 'text/html; charset=utf-8', body: body.html, ...rest };
}
