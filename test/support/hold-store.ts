import { spawn } from 'node:child_process';
import { once } from 'node:events';

const HOLDER = `
  const { ClassicLevel } = require('classic-level');
  const level = new ClassicLevel(process.argv[1]);
  level.open().then(() => process.stdout.write('open'));
  process.stdin.resume().on('end', () => level.close());
`;

/** Has another process open a store; gives what ends that. */
export async function holdStore(path: string): Promise<() => Promise<void>> {
  const holder = spawn(process.execPath, ['-e', HOLDER, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  return async () => {
    holder.stdin.end();
    await once(holder, 'exit');
  };
}
