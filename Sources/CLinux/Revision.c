#define _GNU_SOURCE
#include "CLinux.h"
#include <link.h>

#ifndef TIMBRE_REVISION
#define TIMBRE_REVISION ""
#endif

// Not constant, and of one length: so it stands in the data, and the code is the same whatever it says.
static char revision[96] = TIMBRE_REVISION;

const char *timbre_revision(void) { return revision; }

struct search {
    int number;
    const void *start;
    size_t size;
};

static int visit(struct dl_phdr_info *info, size_t size, void *data) {
    (void)size;
    struct search *search = data;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X) || (part->p_flags & PF_W)) continue;
        if (search->number-- > 0) continue;
        search->start = (const void *)(info->dlpi_addr + part->p_vaddr);
        search->size = part->p_filesz;
        break;
    }
    // The program itself comes first, and nothing else is wanted.
    return 1;
}

size_t timbre_code_part(int number, const void **start) {
    struct search search = {number, 0, 0};
    dl_iterate_phdr(visit, &search);
    *start = search.start;
    return search.size;
}
