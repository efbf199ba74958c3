import { OutputError, SettingsError } from '../../src/api.ts';
import type { SqlValue } from './dialect.ts';
import { optionalPackage } from './optional-package.ts';
import { describeFault } from './postgres-fault.ts';

/** Where a PostgreSQL server is and who asks. What is left out comes from `PGHOST`, `PGUSER` and so on. */
export interface PostgresConnection {
  /** Name, address, or the folder of a Unix socket. */
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  /** TLS: `true`, or options of Node's `tls.connect`. */
  readonly ssl?: boolean | object;
}

/** What `pg` answers. */
export interface PostgresResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** One connection of the pool. */
export interface PostgresClient {
  query(sql: string, values?: readonly SqlValue[]): Promise<PostgresResult>;
  /** With an error the connection is ended, not kept. */
  release(error?: Error | boolean): void;
}

/** As much of the pool of `pg` as is used. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}

/** How the pool is made. */
export interface PoolOptions {
  readonly maxConnections: number;
  /** Of one statement, and of connecting. */
  readonly timeoutMs: number;
}

const MOST_CONNECT_MS = 10_000;

/** A server as it was given: how to reach it, how to name it in messages, and what never to show. */
export class PostgresAddress {
  /** The server and database, without a password. */
  readonly shown: string;
  readonly #config: PostgresConnection | { readonly connectionString: string };
  readonly #secrets: readonly string[];

  /** @throws SettingsError when the URL is none; it does not say which. */
  constructor(given: string | PostgresConnection) {
    if (typeof given === 'string') {
      const url = URL.canParse(given) ? new URL(given) : undefined;
      if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol)) {
        throw new SettingsError(
          'postgres: url is no address such as postgres://user:password@host:5432/name',
        );
      }
      const passwords = [url.password, ...url.searchParams.getAll('password')];
      this.#secrets = passwords.flatMap((one) => [one, decoded(one), encodeURIComponent(decoded(one))]);
      this.#config = { connectionString: given };
      this.shown = `postgres://${url.username && `${url.username}@`}${url.host}${url.pathname}`;
    } else {
      const { PGHOST = 'localhost', PGUSER = '', PGDATABASE = '', PGPASSWORD } = process.env;
      const { host = PGHOST, user = PGUSER, database = PGDATABASE, password = PGPASSWORD, port } = given;
      this.#secrets = [password ?? ''];
      this.#config = given;
      this.shown = `postgres://${user && `${user}@`}${host}${port === undefined ? '' : `:${port}`}/${database}`;
    }
  }

  /** A pool of connections; none is made yet. Faults of idle ones go to the listener: the pool replaces them. */
  pool({ maxConnections, timeoutMs }: PoolOptions, onIdleError: (error: Error) => void): PostgresPool {
    const { Pool } = optionalPackage('postgres', 'pg') as {
      Pool: new (config: object) => PostgresPool;
    };
    const pool = new Pool({
      application_name: 'orbweaver',
      keepAlive: true,
      ...this.#config,
      max: maxConnections,
      connectionTimeoutMillis: Math.min(timeoutMs, MOST_CONNECT_MS),
      statement_timeout: timeoutMs,
      // The server ends a slow statement; this ends the wait for a server that is gone.
      query_timeout: timeoutMs + MOST_CONNECT_MS,
    });
    pool.on('error', onIdleError);
    return pool;
  }

  /** Any fault as the error that stops the crawl: what it means, what to do, and no password. */
  problem(error: unknown, columns: readonly string[] = []): OutputError {
    return new OutputError(this.mask(this.shown), this.mask(describeFault(error, columns)), { cause: error });
  }

  /** A text without the password. */
  mask(text: string): string {
    return this.#secrets.reduce(
      (masked, secret) => (secret === '' ? masked : masked.replaceAll(secret, '***')),
      text,
    );
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
