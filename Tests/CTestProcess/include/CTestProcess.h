// What every process of tests does before its first test, and faults that tests of the sanitizers plant.

#ifndef TIMBRE_CTESTPROCESS_H
#define TIMBRE_CTESTPROCESS_H

/// Has the process ignore SIGPIPE, as both programs do: a test that writes to a program that has already ended must get an
/// error, not take all other tests with it. Called when the process is loaded.
void timbre_ignore_broken_pipes(void);

/// a + b, undefined where the sum is no int: for a test that the sanitizer sees it.
int timbre_add(int a, int b);

/// values[index], wherever that lies: for a test that the sanitizer sees it.
float timbre_element(const float *values, int index);

#endif
