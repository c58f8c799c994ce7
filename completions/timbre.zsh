#compdef timbre
# zsh completion for timbre; written by 'timbre completions zsh'
_timbre() {
    local context state state_descr line
    typeset -A opt_args
    local -a verbs=(
        'demo:hear the bundled recording and watch its instruments appear'
        'replay:print the events of a recording as JSON lines'
        'watch:show what the running daemon hears'
        'listen:print the daemon’s lines as they come'
        'status:tell how the daemon and its sources are'
        'mark:put a mark with a text into the running daemon’s events'
        'record:record sessions; sound with the events in it'
        'sessions:list recorded sessions, or mend those that were left open'
        'annotate:hear many recordings and keep what sounds in them'
        'export:write what was heard in the formats of other programs, or as arrays'
        'report:make a page that shows what was heard, with the sound'
        'evaluate:measure how well recordings with known instruments are heard'
        'tune:choose thresholds on recordings with known instruments'
        'compare:compare two models, thresholds or results on the same recordings'
        'bridge:tell lights, music software, homes and browsers what the daemon hears'
        'devices:list what can be heard here, with names for the configuration'
        'check-config:check a configuration and show what is in force'
        'model:show what a model can hear, how it is built and where it comes from'
        'features:turn samples into the features a model hears, for training'
        'completions:print the completion script for a shell'
        'help:explain a verb'
    )
    _arguments -C '--version[show the version and exit]' '--help[show this help and exit]' \
        '1: :->verb' '*:: :->rest'
    case $state in
        verb) _describe verb verbs ;;
        rest)
            case $words[1] in
                demo) _arguments -s \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '(-f --fast)'{-f,--fast}'[tell it as fast as the machine can]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            '::FILE:_files' ;;
                replay) _arguments -s \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '--channels=[mix (as without it), each as a stream, or one by number]:CHANNELS: ' \
            '(-a --activity)'{-a,--activity=}'[activity lines a second; none without it]:RATE: ' \
            '(-r --realtime)'{-r,--realtime}'[play it at its own speed]' \
            '(-q --quiet)'{-q,--quiet}'[show no progress]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':FILE:_files' ;;
                watch) _arguments -s \
            '--socket=[the daemon’s socket]:FILE:_files' \
            '--stream=[the stream to show first]:NAME: ' \
            '--once[print the present moment and end]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' ;;
                listen) _arguments -s \
            '--socket=[the daemon’s socket]:FILE:_files' \
            '(-t --type)'{-t,--type=}'[these kinds of lines only]:TYPES:_sequence compadd - on off activity tags health discontinuity mark recording' \
            '(-i --instrument)'{-i,--instrument=}'[these instruments only]:NAMES:_sequence compadd - accordion banjo bass bassoon cello clarinet cymbals drums flute guitar horn mallet_percussion mandolin oboe organ piano saxophone synthesizer trombone trumpet ukulele viola violin voice' \
            '(-s --stream)'{-s,--stream=}'[these streams only]:NAMES:_sequence compadd - ' \
            '--minimum-confidence=[leave out what is less certain]:VALUE: ' \
            '(-r --rate)'{-r,--rate=}'[activity lines a second; 10 without it]:RATE: ' \
            '(-h --help)'{-h,--help}'[show this help and exit]' ;;
                status) _arguments -s \
            '--socket=[the daemon’s socket]:FILE:_files' \
            '--json[print the answer as one JSON line]' \
            '--metrics[print counters in the text form of Prometheus]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' ;;
                mark) _arguments -s \
            '--socket=[the daemon’s socket]:FILE:_files' \
            '--stream=[this stream only]:NAME: ' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':TEXT: ' ;;
                record) _arguments -s \
            '--socket=[the daemon’s socket]:FILE:_files' \
            '--stream=[the source of this name in the configuration only]:NAME: ' \
            '--source=[record this source without the daemon]:SOURCE: ' \
            '--folder=[make the session in this folder, which must be there]:FILE:_files' \
            '--seconds=[end after so much sound]:SECONDS: ' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            '::ACTION:(start stop auto status)' ;;
                sessions) _arguments -s \
            '--socket=[the daemon’s socket]:FILE:_files' \
            '--force[with ’repair’, cut off what is damaged even when it is more than the last seconds]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            '::ACTION:(list repair)' \
            '::FOLDER:_files' ;;
                annotate) _arguments -s \
            '(-o --out)'{-o,--out=}'[the folder for the results; it is made where it is missing]:FILE:_files' \
            '(-f --format)'{-f,--format=}'[what to write, separated by commas; jams without it]:FORMATS:_sequence compadd - jams audacity sv csv rttm midi webvtt npz activities-csv jsonl' \
            '(-j --jobs)'{-j,--jobs=}'[recordings at once; all cores without it]:N: ' \
            '--resume[keep results that are there already]' \
            '--manifest=[a table with a column audio, with paths relative to it, and perhaps a column name for results]:FILE:_files' \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '--thresholds=[take thresholds from this file of ’timbre tune’]:FILE:_files' \
            '--channels=[mix (as without it), or one channel by number]:CHANNELS: ' \
            '(-q --quiet)'{-q,--quiet}'[show no progress]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            '*:INPUT:_files' ;;
                export) _arguments -s \
            '(-f --format)'{-f,--format=}'[the format to write]:jams|audacity|sv|csv|rttm|midi|webvtt|npz|activities-csv:(jams audacity sv csv rttm midi webvtt npz activities-csv)' \
            '(-o --out)'{-o,--out=}'[write here instead of to standard output]:FILE:_files' \
            '(-s --stream)'{-s,--stream=}'[the stream to write, where there are several]:NAME: ' \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '--channels=[mix (as without it), each as a stream, or one by number]:CHANNELS: ' \
            '(-q --quiet)'{-q,--quiet}'[show no progress]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':INPUT:_files' ;;
                report) _arguments -s \
            '(-o --out)'{-o,--out=}'[write the page here; report.html without it]:FILE:_files' \
            '--svg=[write the timeline as a picture for papers]:FILE:_files' \
            '--png=[the same as pixels; needs rsvg-convert of the package librsvg2-bin]:FILE:_files' \
            '--audio=[the sound that belongs to a file of events]:FILE:_files' \
            '--embed[put the sound into the page however large it is]' \
            '--link[link the sound however small it is]' \
            '(-s --stream)'{-s,--stream=}'[show this stream alone]:NAME: ' \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '--channels=[mix (as without it), each as a stream, or one by number]:CHANNELS: ' \
            '(-q --quiet)'{-q,--quiet}'[show no progress]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':INPUT:_files' ;;
                evaluate) _arguments -s \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '--thresholds=[take thresholds from this file of ’timbre tune’]:FILE:_files' \
            '--allow-tuned[evaluate on what the thresholds were tuned on, and say so]' \
            '--json=[write all figures, and those of each recording, to this file]:FILE:_files' \
            '--csv=[write the figures of each class to this file]:FILE:_files' \
            '--html=[write a report with confusion and timelines to this file]:FILE:_files' \
            '--degrade=[hear the set again with each of these done to it; mp3 (64 kbit/s), bandNk (nothing above N kHz), pinkN (pink noise N dB below the music), -NdB or +NdB (the level)]:LIST: ' \
            '(-j --jobs)'{-j,--jobs=}'[recordings at once; all cores without it]:N: ' \
            '--resume=[keep what was heard in this folder, and take from it what is there already]:FILE:_files' \
            '--collar=[how far an onset or offset may be off; 0.2 without it]:SECONDS: ' \
            '--gap=[shorter pauses of a reference belong to one event; 0.15 without it]:SECONDS: ' \
            '(-q --quiet)'{-q,--quiet}'[show no progress]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':SET:_files' ;;
                tune) _arguments -s \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '(-o --out)'{-o,--out=}'[write the thresholds to this file]:FILE:_files' \
            '--beta=[F-beta instead of F1; below 1 precision counts more, above 1 recall]:BETA: ' \
            '--from=[choose from these alone; from frames wherever they can tell, without it]:frames|recordings:(frames recordings)' \
            '--least=[leave an instrument alone that is in fewer recordings; 5 without it]:N: ' \
            '(-j --jobs)'{-j,--jobs=}'[recordings at once; all cores without it]:N: ' \
            '--resume=[keep what was heard in this folder, and take from it what is there already]:FILE:_files' \
            '(-q --quiet)'{-q,--quiet}'[show no progress]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':SET:_files' ;;
                compare) _arguments -s \
            '--set=[the set to evaluate models and thresholds on; a manifest or a folder]:FILE:_files' \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take thresholds and times from this configuration]:FILE:_files' \
            '--allow-tuned[compare on what thresholds were tuned on, and say so]' \
            '--rounds=[how many sets are drawn; 1000 without it]:N: ' \
            '--seed=[begins the draw; 1 without it]:N: ' \
            '(-j --jobs)'{-j,--jobs=}'[recordings at once; all cores without it]:N: ' \
            '--resume=[keep what was heard in this folder, and take from it what is there already]:FILE:_files' \
            '--collar=[how far an onset or offset may be off; 0.2 without it]:SECONDS: ' \
            '--gap=[shorter pauses of a reference belong to one event; 0.15 without it]:SECONDS: ' \
            '(-q --quiet)'{-q,--quiet}'[show no progress]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':A:_files' \
            ':B:_files' ;;
                bridge) _arguments -s \
            '--socket=[the daemon’s socket]:FILE:_files' \
            '(-c --config)'{-c,--config=}'[take the sinks from this configuration]:FILE:_files' \
            '--check[only say whether sinks and configuration are right]' \
            '--status[tell how the running bridge is]' \
            '--status-socket=[where a bridge tells how it is]:FILE:_files' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            '*:SINK: ' ;;
                devices) _arguments -s \
            '--midi[list MIDI ports instead]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' ;;
                check-config) _arguments -s \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-q --quiet)'{-q,--quiet}'[print nothing when the file is right]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':FILE:_files' ;;
                model) _arguments -s \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            '::WHAT:(info)' ;;
                features) _arguments -s \
            '(-m --model)'{-m,--model=}'[the model to use instead of the bundled one]:FILE:_files' \
            '--front-end=[a JSON file with the front end, instead of the model’s]:FILE:_files' \
            '--log-mel[the log-mel spectrogram of the clip models]' \
            '--rate=[rate of the samples with --log-mel, or 44100]:RATE: ' \
            '(-h --help)'{-h,--help}'[show this help and exit]' ;;
                completions) _arguments -s \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            ':SHELL:(bash zsh fish)' ;;
                help) _arguments -s \
            '--man[print the manual page as its source instead]' \
            '(-h --help)'{-h,--help}'[show this help and exit]' \
            '::VERB: ' ;;
            esac ;;
    esac
}
_timbre "$@"
