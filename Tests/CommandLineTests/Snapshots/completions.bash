# bash completion for tune; written by 'tune completions bash'
_tune() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}
    # bash splits --name=value into three words
    if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
    local head=""; [[ $cur == *,* ]] && head=${cur%,*},
    COMPREPLY=()
    if [[ $COMP_CWORD == 1 ]]; then COMPREPLY=($(compgen -W "play say --version --help" -- "$cur")); return; fi
    case $verb,$prev in
        play,--speed|play,-s) :; return ;;
        play,--block) :; return ;;
        play,--format) COMPREPLY=($(compgen -W "json text" -- "$cur")); return ;;
        play,--type) compopt -o nospace; COMPREPLY=($(compgen -P "$head" -W "on off health" -- "${cur##*,}")); return ;;
        play,--instrument) compopt -o nospace; COMPREPLY=($(compgen -P "$head" -W "violin viola" -- "${cur##*,}")); return ;;
        play,--model|play,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
    esac
    case $verb in
        play) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--speed --block --format --type --instrument --model --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        say) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$cur")); else COMPREPLY=($(compgen -W "loud soft" -- "$cur")); fi ;;
    esac
}
complete -F _tune tune
