// What the programs of this folder share.
#pragma once
#include <stdio.h>
#include <stdlib.h>

#define MUST(condition) ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), exit(1)))

// Decodes files with ffmpeg's libraries: whole, cut and damaged.
void decoders(int count, char **paths);

// Connects with a PipeWire that is not there.
void pipewire(void);
