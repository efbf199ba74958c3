// A folder that is full after so many bytes: a small tmpfs in a mount namespace of its own, which is gone with the
// process that holds it; where none can be mounted, a limit on the size of files.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { onExit } from './cleanup.mjs';

const PAGE_BYTES = 4096;
const HOLD_SECONDS = '900';
const ROOMY = '256m';
const HOLD = 'mount -t tmpfs -o size="$1" none "$2" && echo ready && exec sleep "$3"';
const ENTER = 'cd "$1" && shift && exec "$@"';
const LIMIT = 'ulimit -f "$1" && shift && exec "$@"';

/** Whether a tmpfs can be mounted here; else files are limited, those of job and export alike. */
export function canMount() {
  const words = ['-m', '--propagation', 'private', 'sh', '-c', 'mount -t tmpfs -o size=64k none /mnt'];
  return spawnSync('unshare', words, { stdio: 'ignore' }).status === 0;
}

/** Makes `folder` a disk of so many bytes. */
export function limitedDisk(folder, bytes) {
  mkdirSync(folder, { recursive: true });
  return canMount() ? mountedDisk(folder, bytes) : limitedFiles(folder, bytes);
}

async function mountedDisk(folder, bytes) {
  // Rounded down: a disk that is larger than asked for may hold a whole small output.
  const size = String(Math.max(1, Math.floor(bytes / PAGE_BYTES)) * PAGE_BYTES);
  const hold = ['-m', '--propagation', 'private', 'sh', '-c', HOLD, 'sh', size, folder, HOLD_SECONDS];
  const holder = spawn('unshare', hold, { stdio: ['ignore', 'pipe', 'inherit'] });
  const close = onExit(() => holder.kill('SIGKILL'));
  await new Promise((resolve, reject) => {
    holder.stdout.once('data', resolve);
    holder.once('error', reject);
    holder.once('exit', () => reject(new Error(`no tmpfs could be mounted at ${folder}`)));
  });
  const enter = ['nsenter', '-t', String(holder.pid), '-m', '--'];
  return {
    /** Runs a command where the disk is seen; the process keeps the pid it was started with. */
    within: (command, cwd) => [...enter, 'sh', '-c', ENTER, 'sh', cwd, ...command],
    /** The path under which this process sees a file of that disk. */
    outside: (path) => `/proc/${holder.pid}/root${path}`,
    /** Copies what is on the disk to the folder it stands for, before it is gone. */
    rescue: () => cpSync(`/proc/${holder.pid}/root${folder}`, folder, { recursive: true }),
    /** Makes room. */
    grow() {
      const { status } = spawnSync(enter[0], [
        ...enter.slice(1),
        'mount',
        '-o',
        `remount,size=${ROOMY}`,
        folder,
      ]);
      if (status !== 0) throw new Error(`${folder} could not be made larger`);
    },
    close,
  };
}

function limitedFiles(_folder, bytes) {
  let isRoomy = false;
  const blocks = String(Math.max(1, Math.floor(bytes / 512)));
  return {
    within: (command) => (isRoomy ? command : ['sh', '-c', LIMIT, 'sh', blocks, ...command]),
    outside: (path) => path,
    rescue() {},
    grow() {
      isRoomy = true;
    },
    close() {},
  };
}
