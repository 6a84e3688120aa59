import type { AddressInfo, Server as NetServer } from 'node:net';

/** Something that keeps the web process from starting, in one sentence for the person who started it. */
export class WebProblem extends Error {
  readonly code: 'port_taken' | 'not_allowed' | 'no_such_host' | 'not_built';
  constructor(code: WebProblem['code'], sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.code = code;
  }
}

export function listen(
  server: NetServer,
  host: string,
  port: number,
): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenProblem(error, host, port)));
    server.listen({ host, port, backlog: 4_096 }, () => {
      const { address, port: taken } = server.address() as AddressInfo;
      resolve({ host: address, port: taken });
    });
  });
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new WebProblem(
      'port_taken',
      `Port ${port} is taken by another program: stop it, or set PORT to a free one.`,
      error,
    );
  if (error.code === 'EACCES')
    return new WebProblem(
      'not_allowed',
      `Port ${port} may not be used by this user: set PORT to one above 1023.`,
      error,
    );
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new WebProblem(
      'no_such_host',
      `This machine has no address ${host}: set HOST to one it has, such as 127.0.0.1.`,
      error,
    );
  return error;
}
