#compdef tune
# zsh completion for tune; written by 'tune completions zsh'
_tune() {
    local context state state_descr line
    typeset -A opt_args
    local -a verbs=(
        'play:play a file'
        'say:say words'
    )
    _arguments -C '--version[show the version and exit]' '--help[show this help and exit]' \
        '1: :->verb' '*:: :->rest'
    case $state in
        verb) _describe verb verbs ;;
        rest)
            case $words[1] in
                play) _arguments -s \
            '(-s --speed)'{-s,--speed=}'[how fast; 1 is as written]:FACTOR: ' \
            '--block=[frames a block]:FRAMES: ' \
            '--format=[what to print]:json|text:(json text)' \
            '--type=[which events]:TYPES:_sequence compadd - on off health' \
            '--instrument=[which instruments]:NAMES:_sequence compadd - violin viola' \
            '(-m --model)'{-m,--model=}'[the model (safetensors)]:FILE:_files' \
            '(-q --quiet)'{-q,--quiet}'[don’t print anything]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':FILE:_files' ;;
                say) _arguments -s \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':HOW:(loud soft)' \
            '*:WORD: ' ;;
            esac ;;
    esac
}
_tune "$@"
