# Prints what zsh would complete: zsh -f zsh-complete.zsh FOLDER-OF-_tune 'tune pl'
# A real interactive zsh runs on a pseudo-terminal; its compadd is replaced by one that notes the matches.
zmodload zsh/zpty
zpty tune zsh -f -i
zpty -w tune "PS1=; stty -echo; fpath=($1 \$fpath); autoload -Uz compinit; compinit -D -u"
zpty -w tune 'compadd() { local -a found; builtin compadd -O found "$@"; (( $#found )) && print -rl -- "" "<"${^found}">"; builtin compadd "$@" }'
zpty -w tune 'finish() { print -r -- "<done>" }; zle -N finish; bindkey "^X" finish; bindkey "^I" complete-word; zstyle ":completion:*" list-prompt ""; LISTMAX=1000; print -r -- "<re""ady>"'
zpty -r -m tune line '*<ready>*' || exit 1
zpty -n -w tune "$2"$'\t'$'\x18'
zpty -r -m tune line '*<done>*' || exit 1
for word in ${(f)line//$'\r'/$'\n'}; do
    [[ $word == '<'*'>' && $word != '<done>' ]] && print -r -- ${${word#<}%>}
done
zpty -d tune
