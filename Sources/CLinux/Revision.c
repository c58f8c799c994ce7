#define _GNU_SOURCE
#include "CLinux.h"
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#ifndef TIMBRE_REVISION
#define TIMBRE_REVISION ""
#endif

// In a section of its own and of one length, so that the rest of the program is the same whatever it says.
#define REVISION_SECTION ".timbre_revision"
static char revision[96] __attribute__((section(REVISION_SECTION))) = TIMBRE_REVISION;

const char *timbre_revision(void) { return revision; }

// Reads `size` bytes of a file from `offset`; false when they are not there.
static bool read_part(int file, void *into, size_t size, size_t offset) {
    return pread(file, into, size, (off_t)offset) == (ssize_t)size;
}

// Whether a section of this name differs between builds of the same sources: the revision, and the hashes that the Swift
// compiler leaves for its incremental builds.
static bool varies(const char *name) {
    return strcmp(name, REVISION_SECTION) == 0 || strcmp(name, ".swift_modhash") == 0;
}

// Whether a section decides what the program does. Relocations are the addresses in its tables, which are filled in when
// it is loaded.
static bool counts(int file, const ElfW(Shdr) *section, const ElfW(Shdr) *names) {
    if (!(section->sh_flags & SHF_ALLOC) || section->sh_size == 0) return false;
    if (section->sh_type != SHT_PROGBITS && section->sh_type != SHT_RELA) return false;
    // Longer names are cut, and equal none of those that vary.
    char name[32] = "";
    return pread(file, name, sizeof name - 1, (off_t)(names->sh_offset + section->sh_name)) >= 0 && !varies(name);
}

size_t timbre_program_part(int file, int number, off_t *offset) {
    ElfW(Ehdr) head;
    ElfW(Shdr) names, section;
    if (!read_part(file, &head, sizeof head, 0) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return 0;
    if (head.e_shentsize != sizeof section) return 0;
    if (!read_part(file, &names, sizeof names, head.e_shoff + head.e_shstrndx * sizeof names)) return 0;
    for (size_t i = 0; i < head.e_shnum; i++) {
        if (!read_part(file, &section, sizeof section, head.e_shoff + i * sizeof section)) return 0;
        if (!counts(file, &section, &names) || number-- > 0) continue;
        *offset = (off_t)section.sh_offset;
        return section.sh_size;
    }
    return 0;
}
