/** Completion for bash: options first, then the commands of the server that runs. */
export const completionScript = `_kahea() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "run check cmd cluster db help" -- "$word"))
    return
  fi
  [ "\${COMP_WORDS[1]}" = cmd ] || { COMPREPLY=($(compgen -f -- "$word")); return; }
  local index socket=""
  for ((index = 2; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in
      -s) socket="\${COMP_WORDS[index + 1]}"; index=$((index + 1)) ;;
      -t) index=$((index + 1)) ;;
      -*) ;;
      *) return ;;
    esac
  done
  case "$word" in
    -*) COMPREPLY=($(compgen -W "-s -t --json --help" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$(kahea cmd \${socket:+-s "$socket"} -t 1 system.listMethods 2>/dev/null)" -- "$word")) ;;
  esac
}
complete -F _kahea kahea
`
