#define _GNU_SOURCE
#include "CLinux.h"
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <unistd.h>

#ifndef TIMBRE_REVISION
#define TIMBRE_REVISION ""
#endif

// Not constant, and of one length: so it stands in the data, and the code is the same whatever it says.
static char revision[96] = TIMBRE_REVISION;

const char *timbre_revision(void) { return revision; }

// Where the program lies in memory.
static int visit(struct dl_phdr_info *info, size_t size, void *data) {
    (void)size;
    *(ElfW(Addr) *)data = info->dlpi_addr;
    // The program itself comes first, and nothing else is wanted.
    return 1;
}

// Reads `size` bytes of the program's file from `offset`; false when they are not there.
static bool read_part(int file, void *into, size_t size, off_t offset) {
    return pread(file, into, size, offset) == (ssize_t)size;
}

size_t timbre_code_part(int number, const void **start) {
    *start = 0;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ElfW(Ehdr) head;
    size_t found = 0;
    if (read_part(file, &head, sizeof head, 0) && head.e_shentsize == sizeof(ElfW(Shdr))) {
        for (int i = 0; i < head.e_shnum; i++) {
            ElfW(Shdr) section;
            if (!read_part(file, &section, sizeof section, (off_t)(head.e_shoff + i * sizeof section))) break;
            if (section.sh_type != SHT_PROGBITS || !(section.sh_flags & SHF_EXECINSTR) || section.sh_size == 0) continue;
            if (number-- > 0) continue;
            ElfW(Addr) base = 0;
            dl_iterate_phdr(visit, &base);
            *start = (const void *)(base + section.sh_addr);
            found = section.sh_size;
            break;
        }
    }
    close(file);
    return found;
}
