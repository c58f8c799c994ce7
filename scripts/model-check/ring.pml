/* The protocol of Sources/AudioCore/Ring and Sources/AudioInput/CaptureQueue, checked exhaustively by spin.
 *
 * Weak memory is modelled by what a release-acquire pair gives and nothing more:
 *   - a thread has a view: how many stores to each index it is sure to see;
 *   - a store to an index is kept in a history together with the writer's view at that moment;
 *   - a load may return any value that is not older than the reader's view (an arbitrarily late one);
 *   - only an acquiring load of a releasing store also takes over the view kept with it;
 *   - a slot is plain memory: reading or overwriting it without having synchronized with its last use is a race.
 *
 * Two rings are modelled: samples, and the marks that must never be seen later than the samples they precede.
 * BROKEN=1 publishes samples relaxed, 2 reads the other's index relaxed (as some ring buffers in the wild do),
 * 3 publishes a mark after its samples: spin must find an error in each.
 */
#ifndef BROKEN
#define BROKEN 0
#endif

#define CAPACITY 4      /* slots of the sample ring */
#define TOTAL 10        /* samples pushed: the ring wraps twice */
#define MARK_AT 3       /* the mark holds from this sample on */
#define LATE 2          /* a store is seen after at most this many loads that missed it: memory is slow, not deaf.
                         * A repeated stale load changes nothing, so this bound hides no error. */

/* Indices are histories of values; since each store adds one, value and version are the same number. */
byte written = 0;       /* newest store to the sample ring's written index */
byte read = 0;          /* newest store to its read index */
byte marks = 0;         /* newest store to the mark ring's written index */

/* What a releasing store carries: the marks that its writer had published before. */
byte marksWith[TOTAL + 1];

/* Plain memory: what a slot holds. The writer may reuse a slot when it knows that it was read,
 * the reader may use it when it knows that it was written; knowing means having synchronized. */
byte slot[CAPACITY];

bool done = false;

proctype producer() {
    byte next = 0;      /* own index, loaded relaxed: exact, nobody else writes it */
    byte freed = 0;     /* reads that this thread has synchronized with */
    byte seen;          /* value of the last load of the read index */
    byte stale = 0;     /* loads in a row that found no room */
    do
    :: next == TOTAL -> break
    :: else ->
        /* Load the read index: any value from the one known to the newest. */
        atomic {
            seen = freed;
            do
            :: seen < read -> seen++
            :: seen == read || stale < LATE -> break
            od;
#if BROKEN != 2
            freed = seen;               /* acquiring: those reads happened before what follows */
#endif
        }
        if
        :: next - seen < CAPACITY ->
#if BROKEN != 3
            if :: next == MARK_AT -> marks = 1 :: else fi;
#endif
            /* The slot's former sample, next - CAPACITY, must be known to have been read. */
            assert(next < CAPACITY || freed >= next - CAPACITY + 1);
            slot[next % CAPACITY] = next;
            atomic {
#if BROKEN == 1
                marksWith[next + 1] = 0; /* relaxed: carries no view */
#else
                marksWith[next + 1] = marks;
#endif
                next++;
                written = next;
                stale = 0
            }
#if BROKEN == 3
            if :: next == MARK_AT + 1 -> marks = 1 :: else fi;
#endif
        :: else -> if :: stale < LATE -> stale++ :: else fi     /* full, or it looks so: try again */
        fi
    od
}

proctype consumer() {
    byte next = 0;      /* own index */
    byte available = 0; /* writes that this thread has synchronized with */
    byte seen = 0;      /* value of the last load of the written index */
    byte marksKnown = 0;
    byte markSeen;
    bool markTaken = false;
    byte stale = 0;     /* loads in a row that brought nothing to read */
    do
    :: next == TOTAL -> break
    :: else ->
        /* Load the written index: any value from the last seen to the newest. */
        atomic {
            do
            :: seen < written -> seen++
            :: seen == written || stale < LATE -> break
            od;
#if BROKEN != 1
            available = seen;
            if :: marksWith[seen] > marksKnown -> marksKnown = marksWith[seen] :: else fi;
#endif
        }
        /* Then look for a mark: any value from the one known to the newest. */
        atomic {
            markSeen = marksKnown;
            do
            :: markSeen < marks -> markSeen++
            :: markSeen == marks || stale < LATE -> break
            od;
            marksKnown = markSeen;
        }
        if
        :: markSeen == 1 && !markTaken && next == MARK_AT -> markTaken = true
        :: else
        fi;
        if
        :: next < seen && !(markSeen == 1 && !markTaken && next >= MARK_AT) ->
            /* A sample behind the mark must not be read before the mark was taken. */
            assert(next < MARK_AT || markTaken);
            assert(next < available);    /* else it reads a slot that it has not synchronized with */
            assert(slot[next % CAPACITY] == next);
            next++;
            stale = 0;
            read = next                  /* releasing: carries that the slot was read */
        :: else -> if :: stale < LATE -> stale++ :: else fi
        fi
    od;
    assert(markTaken);
    done = true
}

init {
    atomic {
        run producer();
        run consumer()
    }
}

/* Whatever the interleaving, everything arrives as long as both threads get their turn. */
ltl delivered { <> done }
