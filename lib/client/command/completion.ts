/** `swpt completion SHELL`: scripts that make a shell complete verbs and flags. */

import type { OtherVerb } from './help.ts';
import { UsageError } from './usage-error.ts';

/** A verb with its flags, as `--json`. */
export interface CompletedVerb extends OtherVerb {
  readonly flags: readonly string[];
}

export const COMPLETION_HELP = `Print what makes your shell complete the verbs and flags of this command.

  swpt completion bash | zsh | fish

The first lines of what is printed say where to put it.

Example:

  swpt completion bash`;

/** @throws {UsageError} for a shell that is not known */
export function completionScript(shell: string | undefined, verbs: readonly CompletedVerb[]): string {
  switch (shell) {
    case 'bash':
      return bash(verbs);
    case 'zsh':
      return zsh(verbs);
    case 'fish':
      return fish(verbs);
    default:
      throw new UsageError('Completion is there for bash, zsh and fish, as in swpt completion bash.');
  }
}

function bash(verbs: readonly CompletedVerb[]): string {
  const cases = verbs.map(({ name, flags }) => `    ${name}) words="${flags.join(' ')}" ;;`);
  return `# Put into ~/.bashrc: source <(swpt completion bash)
_swpt() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -F _swpt swpt`;
}

function zsh(verbs: readonly CompletedVerb[]): string {
  const names = verbs.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = verbs.map(({ name, flags }) => `    ${name}) compadd -- ${flags.join(' ')} ;;`);
  return `#compdef swpt
# Put into ~/.zshrc, after compinit: source <(swpt completion zsh)
_swpt() {
  local -a verbs
  verbs=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'verb' verbs
    return
  fi
  if [[ "$PREFIX" != -* ]]; then
    _files
    return
  fi
  case "\${words[2]}" in
${cases.join('\n')}
  esac
}
compdef _swpt swpt`;
}

function fish(verbs: readonly CompletedVerb[]): string {
  const lines = verbs.flatMap(({ name, summary, flags }) => [
    `complete -c swpt -n __fish_use_subcommand -f -a ${name} -d '${quoted(summary)}'`,
    ...flags.map(
      (flag) => `complete -c swpt -n '__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, '')}`,
    ),
  ]);
  return ['# Put into a file: swpt completion fish > ~/.config/fish/completions/swpt.fish', ...lines].join(
    '\n',
  );
}

/** For a text between single quotes. */
function quoted(text: string): string {
  return text.replaceAll("'", '’');
}
