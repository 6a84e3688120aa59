import { fileURLToPath } from 'node:url';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { commands, type Verb } from './commands.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function main(argv: string[]): Promise<number> {
  const io: Io = {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY === true,
    env: process.env,
    // npm changes the folder; a relative path means the caller's.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    root,
  };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return dispatch(argv, io);
}

export async function dispatch(argv: string[], io: Io): Promise<number> {
  const [verb, ...args] = argv;
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') return help(args[0], io);
  if (!Object.hasOwn(commands, verb)) {
    io.err(`signalbox has no command "${verb}". Run "npx signalbox help" for the list.`);
    return exitCodes.usage;
  }
  if (args.includes('--help') || args.includes('-h')) return help(verb, io);
  const command = await commands[verb as Verb]();
  try {
    return await command.run(args, io);
  } catch (problem) {
    if (problem instanceof Usage || isUnknownOption(problem)) {
      io.err(`signalbox ${verb}: ${(problem as Error).message}`);
      io.err(`Run "npx signalbox ${verb} --help" for what it takes.`);
      return exitCodes.usage;
    }
    if (isSentence(problem)) {
      io.err(problem.message);
      return exitCodes.cannotGoOn;
    }
    throw problem;
  }
}

function isUnknownOption(problem: unknown): boolean {
  return String((problem as { code?: string }).code ?? '').startsWith('ERR_PARSE_ARGS');
}

/** Expected failures carry a string code and `permanent`; their message is a sentence for people. */
function isSentence(problem: unknown): problem is Error {
  return problem instanceof Error && typeof (problem as { permanent?: unknown }).permanent === 'boolean';
}

async function help(verb: string | undefined, io: Io): Promise<number> {
  if (verb !== undefined && Object.hasOwn(commands, verb)) {
    const command = await commands[verb as Verb]();
    io.out(`signalbox ${verb}: ${command.summary}\n\n${command.help.trim()}`);
    return exitCodes.ok;
  }
  io.out('signalbox: is it OpenRouter, the provider, the model, or me?\n');
  const loaded = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => [name, await load()] as [string, Command]),
  );
  for (const [name, command] of loaded) io.out(`  ${name.padEnd(12)}${command.summary}`);
  io.out('\nRun "npx signalbox <command> --help" for more, inside the project folder.');
  return verb === undefined || verb.startsWith('-') ? exitCodes.ok : exitCodes.usage;
}
