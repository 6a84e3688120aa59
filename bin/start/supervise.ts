import { type ChildProcess, spawn } from 'node:child_process';

/** Keeps children running: a dead one is started again with back-off, one that cannot go on (78) ends all. */

export interface Part {
  name: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

export interface SuperviseOptions {
  parts: Part[];
  /** First and longest wait before a restart. */
  backoffMs: { first: number; longest: number };
  /** After this long without dying the back-off starts again. */
  steadyMs: number;
  stopMs: number;
  say: (line: string) => void;
}

/** Resolves with the exit status when everything has stopped. `stop` asks for that. */
export function supervise(options: SuperviseOptions): { done: Promise<number>; stop: () => void } {
  const running = new Map<string, ChildProcess>();
  const waiting = new Set<NodeJS.Timeout>();
  let isStopping = false;
  let status = 0;
  let finish: (status: number) => void;
  const done = new Promise<number>((resolve) => (finish = resolve));

  function stop(): void {
    if (isStopping) return;
    isStopping = true;
    for (const timer of waiting) clearTimeout(timer);
    for (const child of running.values()) child.kill('SIGTERM');
    if (running.size === 0) {
      finish(status);
      return;
    }
    const last = setTimeout(() => {
      for (const child of running.values()) child.kill('SIGKILL');
    }, options.stopMs);
    last.unref();
  }

  function start(part: Part, waitMs: number): void {
    const startedMs = performance.now();
    const child = spawn(process.execPath, part.args, {
      env: part.env,
      // The pipe says nothing: it ends when we do, and so does a part that listens to it.
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    running.set(part.name, child);
    child.on('exit', (code, signal) => {
      running.delete(part.name);
      if (code === 78) status = 78;
      if (isStopping || code === 78) {
        stop();
        if (running.size === 0) finish(status);
        return;
      }
      const isSteady = performance.now() - startedMs > options.steadyMs;
      const nextMs = isSteady ? options.backoffMs.first : waitMs;
      options.say(
        `The ${part.name} ended (${signal ?? code}); starting it again in ${(nextMs / 1000).toFixed(1)} s.`,
      );
      const timer = setTimeout(() => {
        waiting.delete(timer);
        start(part, Math.min(options.backoffMs.longest, nextMs * 2));
      }, nextMs);
      waiting.add(timer);
    });
  }

  for (const part of options.parts) start(part, options.backoffMs.first);
  return { done, stop };
}
