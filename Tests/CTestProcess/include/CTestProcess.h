// What every process of tests does before its first test.

#ifndef TIMBRE_CTESTPROCESS_H
#define TIMBRE_CTESTPROCESS_H

/// Has the process ignore SIGPIPE, as both programs do: a test that writes to a program that has already ended must get an
/// error, not take all other tests with it. Called when the process is loaded.
void timbre_ignore_broken_pipes(void);

#endif
