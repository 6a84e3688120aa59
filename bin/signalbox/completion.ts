import { type Command, exitCodes, Usage } from './command.ts';
import { commands } from './commands.ts';

export const completion: Command = {
  summary: 'prints a completion script for bash, zsh or fish',
  help: `
usage: npx signalbox completion bash|zsh|fish

  bash   source <(npx signalbox completion bash)
  zsh    source <(npx signalbox completion zsh)
  fish   npx signalbox completion fish | source`,
  options: [],
  async run(args, io) {
    const loaded = await Promise.all(
      Object.entries(commands).map(async ([name, load]) => ({ name, ...(await load()) })),
    );
    const names = loaded.map(({ name }) => name).join(' ');
    const cases = loaded
      .filter(({ options }) => options.length > 0)
      .map(({ name, options }) => `    ${name}) words="${options.join(' ')}" ;;`)
      .join('\n');
    const bash = `_signalbox() {
  local words="${names}" at=1
  for at in "\${!COMP_WORDS[@]}"; do [[ "\${COMP_WORDS[$at]}" == *signalbox ]] && break; done
  if (( COMP_CWORD > at + 1 )); then
    words=""
    case "\${COMP_WORDS[at + 1]}" in
${cases}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _signalbox signalbox`;
    switch (args[0]) {
      case 'bash':
        io.out(bash);
        return exitCodes.ok;
      case 'zsh':
        io.out(`autoload -U +X bashcompinit && bashcompinit\n${bash}`);
        return exitCodes.ok;
      case 'fish':
        for (const { name, summary, options } of loaded) {
          io.out(
            `complete -c signalbox -f -n __fish_use_subcommand -a ${name} -d '${summary.replace(/'/g, '')}'`,
          );
          for (const option of options)
            io.out(
              `complete -c signalbox -f -n '__fish_seen_subcommand_from ${name}' -l ${option.replace(/^--/, '')}`,
            );
        }
        return exitCodes.ok;
      default:
        throw new Usage('name the shell: bash, zsh or fish');
    }
  },
};
