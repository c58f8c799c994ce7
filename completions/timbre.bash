# bash completion for timbre; written by 'timbre completions bash'
_timbre() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}
    # bash splits --name=value into three words
    if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
    local head=""; [[ $cur == *,* ]] && head=${cur%,*},
    COMPREPLY=()
    if [[ $COMP_CWORD == 1 ]]; then COMPREPLY=($(compgen -W "demo replay watch listen status mark record sessions annotate export report evaluate tune compare bridge devices check-config model features completions help --version --help" -- "$cur")); return; fi
    case $verb,$prev in
        demo,--model|demo,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        demo,--config|demo,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        replay,--model|replay,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        replay,--config|replay,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        replay,--channels) :; return ;;
        replay,--activity|replay,-a) :; return ;;
        watch,--socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        watch,--stream) :; return ;;
        listen,--socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        listen,--type|listen,-t) compopt -o nospace; COMPREPLY=($(compgen -P "$head" -W "on off activity tags health discontinuity mark recording" -- "${cur##*,}")); return ;;
        listen,--instrument|listen,-i) compopt -o nospace; COMPREPLY=($(compgen -P "$head" -W "accordion banjo bass bassoon cello clarinet cymbals drums flute guitar horn mallet_percussion mandolin oboe organ piano saxophone synthesizer trombone trumpet ukulele viola violin voice" -- "${cur##*,}")); return ;;
        listen,--stream|listen,-s) compopt -o nospace; COMPREPLY=($(compgen -P "$head" -W "" -- "${cur##*,}")); return ;;
        listen,--minimum-confidence) :; return ;;
        listen,--rate|listen,-r) :; return ;;
        status,--socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        mark,--socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        mark,--stream) :; return ;;
        record,--socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        record,--stream) :; return ;;
        record,--source) :; return ;;
        record,--folder) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        record,--seconds) :; return ;;
        record,--config|record,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        record,--model|record,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        sessions,--socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        annotate,--out|annotate,-o) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        annotate,--format|annotate,-f) compopt -o nospace; COMPREPLY=($(compgen -P "$head" -W "jams audacity sv csv rttm midi webvtt npz activities-csv jsonl" -- "${cur##*,}")); return ;;
        annotate,--jobs|annotate,-j) :; return ;;
        annotate,--manifest) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        annotate,--model|annotate,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        annotate,--config|annotate,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        annotate,--thresholds) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        annotate,--channels) :; return ;;
        export,--format|export,-f) COMPREPLY=($(compgen -W "jams audacity sv csv rttm midi webvtt npz activities-csv" -- "$cur")); return ;;
        export,--out|export,-o) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        export,--stream|export,-s) :; return ;;
        export,--model|export,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        export,--config|export,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        export,--channels) :; return ;;
        report,--out|report,-o) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        report,--svg) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        report,--png) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        report,--audio) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        report,--stream|report,-s) :; return ;;
        report,--model|report,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        report,--config|report,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        report,--channels) :; return ;;
        evaluate,--model|evaluate,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        evaluate,--config|evaluate,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        evaluate,--thresholds) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        evaluate,--json) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        evaluate,--csv) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        evaluate,--html) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        evaluate,--degrade) :; return ;;
        evaluate,--jobs|evaluate,-j) :; return ;;
        evaluate,--resume) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        evaluate,--collar) :; return ;;
        evaluate,--gap) :; return ;;
        tune,--model|tune,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        tune,--config|tune,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        tune,--out|tune,-o) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        tune,--beta) :; return ;;
        tune,--from) COMPREPLY=($(compgen -W "frames recordings" -- "$cur")); return ;;
        tune,--least) :; return ;;
        tune,--jobs|tune,-j) :; return ;;
        tune,--resume) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        compare,--set) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        compare,--model|compare,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        compare,--config|compare,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        compare,--rounds) :; return ;;
        compare,--seed) :; return ;;
        compare,--jobs|compare,-j) :; return ;;
        compare,--resume) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        compare,--collar) :; return ;;
        compare,--gap) :; return ;;
        bridge,--socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        bridge,--config|bridge,-c) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        bridge,--status-socket) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        check-config,--model|check-config,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        model,--model|model,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        features,--model|features,-m) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        features,--front-end) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        features,--rate) :; return ;;
    esac
    case $verb in
        demo) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--model --config --fast --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        replay) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--model --config --channels --activity --realtime --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        watch) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--socket --stream --once --help" -- "$cur")); fi ;;
        listen) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--socket --type --instrument --stream --minimum-confidence --rate --help" -- "$cur")); fi ;;
        status) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--socket --json --metrics --help" -- "$cur")); fi ;;
        mark) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--socket --stream --help" -- "$cur")); else :; fi ;;
        record) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--socket --stream --source --folder --seconds --config --model --help" -- "$cur")); else COMPREPLY=($(compgen -W "start stop auto status" -- "$cur")); fi ;;
        sessions) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--socket --force --help" -- "$cur")); else COMPREPLY=($(compgen -W "list repair" -- "$cur")); fi ;;
        annotate) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--out --format --jobs --resume --manifest --model --config --thresholds --channels --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        export) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--format --out --stream --model --config --channels --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        report) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--out --svg --png --audio --embed --link --stream --model --config --channels --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        evaluate) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--model --config --thresholds --allow-tuned --json --csv --html --degrade --jobs --resume --collar --gap --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        tune) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--model --config --out --beta --from --least --jobs --resume --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        compare) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--set --model --config --allow-tuned --rounds --seed --jobs --resume --collar --gap --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        bridge) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--socket --config --check --status --status-socket --help" -- "$cur")); else :; fi ;;
        devices) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--midi --help" -- "$cur")); fi ;;
        check-config) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--model --quiet --help" -- "$cur")); else compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); fi ;;
        model) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--model --help" -- "$cur")); else COMPREPLY=($(compgen -W "info" -- "$cur")); fi ;;
        features) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--model --front-end --log-mel --rate --help" -- "$cur")); fi ;;
        completions) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$cur")); else COMPREPLY=($(compgen -W "bash zsh fish" -- "$cur")); fi ;;
        help) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "--man --help" -- "$cur")); else :; fi ;;
    esac
}
complete -F _timbre timbre
