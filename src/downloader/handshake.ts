import type { Socket } from 'node:net';

/**
 * Waits until `read` finds what it needs in the socket's buffer. `read` takes from the socket by `read()` and
 * puts back what is not its own by `unshift()`; undefined means: not yet.
 *
 * @throws Error when the connection ends first.
 */
export function receive<Value>(socket: Socket, read: () => Value | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off('readable', attempt).off('end', ended).off('close', ended).off('error', failed);
      act();
    };
    const attempt = () => {
      try {
        const value = read();
        if (value !== undefined) settle(() => resolve(value));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const failed = (error: Error) => settle(() => reject(error));
    const ended = () => settle(() => reject(new Error('the connection was closed')));
    socket.on('readable', attempt).on('end', ended).on('close', ended).on('error', failed);
    attempt();
  });
}
