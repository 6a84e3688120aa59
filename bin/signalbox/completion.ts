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
complete -o default -F _signalbox signalbox
# It is called through npx; whoever completes npx already keeps that.
_signalbox_npx() { [[ "\${COMP_WORDS[1]}" == signalbox ]] && _signalbox; }
[[ -n "\${ZSH_VERSION:-}" ]] && _signalbox_taken="\${_comps[npx]:-}" || _signalbox_taken="$(complete -p npx 2>/dev/null)"
[[ -n "$_signalbox_taken" ]] || complete -o default -F _signalbox_npx npx`;
    switch (args[0]) {
      case 'bash':
        io.out(bash);
        return exitCodes.ok;
      case 'zsh':
        io.out(`autoload -U +X bashcompinit && bashcompinit\n${bash}`);
        return exitCodes.ok;
      case 'fish':
        for (const line of fishLines(loaded)) io.out(line);
        return exitCodes.ok;
      default:
        throw new Usage('name the shell: bash, zsh or fish');
    }
  },
};

/** Called by its own name, or through npx. */
function fishLines(loaded: { name: string; summary: string; options: string[] }[]): string[] {
  const names = loaded.map(({ name }) => name).join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  return ['signalbox', 'npx'].flatMap((program) => {
    const within = program === 'npx' ? '__fish_seen_subcommand_from signalbox; and ' : '';
    return loaded.flatMap(({ name, summary, options }) => [
      `complete -c ${program} -f -n '${within}${none}' -a ${name} -d '${summary.replace(/'/g, '')}'`,
      ...options.map(
        (option) =>
          `complete -c ${program} -n '${within}__fish_seen_subcommand_from ${name}' -l ${option.replace(/^--/, '')}`,
      ),
    ]);
  });
}
