import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A PostgreSQL server of the tests' own, on loopback, in a temporary folder. */
export interface PostgresServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Of its database, with user and password. */
  readonly url: string;
  stop(): Promise<void>;
}

const PASSWORD = 'p@ss/w:rd';
const START_MS = 25_000;

/** Folder with `initdb` and `postgres`; undefined where PostgreSQL is not installed. */
export function postgresBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

/** Starts a server and waits until it answers. It does not run as root: where the tests do, another user is taken. */
export async function startPostgres(binaries: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-postgres-'));
  const ids = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (ids.uid !== undefined) chownSync(folder, ids.uid, ids.gid);
  const secret = join(folder, 'password');
  writeFileSync(secret, PASSWORD);
  const data = join(folder, 'data');
  const login = ['-U', 'tester', `--pwfile=${secret}`, '--auth=scram-sha-256'];
  const how = ['--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, 'initdb'), ['-D', data, ...login, ...how], {
    ...ids,
    cwd: folder,
    stdio: 'pipe',
    timeout: START_MS,
  });
  const port = await freePort();
  const settings = [`listen_addresses=127.0.0.1`, 'fsync=off', 'shared_buffers=16MB', 'max_connections=40'];
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((one) => ['-c', one])],
    { ...ids, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const kill = () => void server.kill('SIGQUIT');
  process.once('exit', kill);
  const stop = async () => {
    process.removeListener('exit', kill);
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(server);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `postgres://tester:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
  return { port, user: 'tester', password: PASSWORD, url, stop };
}

/** Id of the user that Debian's package makes, else of `nobody`. */
function idOf(flag: string): number {
  for (const user of ['postgres', 'nobody']) {
    try {
      return Number(execFileSync('id', [flag, user], { stdio: 'pipe', timeout: START_MS }).toString());
    } catch {
      // Not on this machine.
    }
  }
  return 65_534;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const fail = () => reject(new Error(`postgres did not start: ${said.join('\n')}`));
    const timer = setTimeout(fail, START_MS);
    timer.unref();
    server.once('exit', fail);
    if (server.stderr === null) return fail();
    createInterface(server.stderr).on('line', (line) => {
      if (said.length < 50) said.push(line);
      if (!line.includes('ready to accept connections')) return;
      clearTimeout(timer);
      server.removeListener('exit', fail);
      resolve();
    });
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGQUIT');
  await exit;
}
