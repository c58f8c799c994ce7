"""The 24 instrument classes, their sounding ranges and what each kind of player does with them."""

from ..errors import TrainingError

CLASSES = (
    "accordion banjo bass bassoon cello clarinet cymbals drums flute guitar horn mallet_percussion "
    "mandolin oboe organ piano saxophone synthesizer trombone trumpet ukulele viola violin voice"
).split()

INDEX = {name: index for index, name in enumerate(CLASSES)}

#: The families of `InstrumentFamily.swift` and their members; a test holds the two equal.
FAMILIES = {
    "strings": ("violin", "viola", "cello", "bass"), "plucked": ("guitar", "banjo", "mandolin", "ukulele"),
    "woodwind": ("flute", "clarinet", "oboe", "bassoon", "saxophone"), "brass": ("trumpet", "trombone", "horn"),
    "keyboard": ("piano", "organ", "accordion"), "percussion": ("drums", "cymbals", "mallet_percussion"),
    "voice": ("voice",), "electronic": ("synthesizer",),
}

#: Sounding range in MIDI notes that a part may be given.
RANGES = {
    "accordion": (53, 89), "banjo": (48, 84), "bass": (28, 60), "bassoon": (34, 72), "cello": (36, 76),
    "clarinet": (50, 90), "flute": (59, 96), "guitar": (40, 84), "horn": (35, 77), "mallet_percussion": (48, 100),
    "mandolin": (55, 93), "oboe": (58, 91), "organ": (36, 96), "piano": (24, 103), "saxophone": (46, 88),
    "synthesizer": (30, 96), "trombone": (35, 74), "trumpet": (54, 86), "ukulele": (57, 86), "viola": (48, 88),
    "violin": (55, 100), "voice": (43, 84),
}

#: Classes that play chords.
CHORDAL = {"accordion", "banjo", "guitar", "mallet_percussion", "mandolin", "organ", "piano", "synthesizer", "ukulele"}
#: Classes whose notes ring on when they are not damped.
RINGING = {"banjo", "bass", "cymbals", "drums", "guitar", "mallet_percussion", "mandolin", "piano", "ukulele"}
#: Classes whose held notes may get vibrato and glides.
VIBRATO = {"cello", "flute", "oboe", "saxophone", "trombone", "trumpet", "viola", "violin", "voice", "clarinet"}
UNPITCHED = {"cymbals", "drums"}

#: General MIDI programs (0-based) that are unmistakably of one class.
GM_PROGRAMS = {
    "piano": (0, 1, 2, 3, 4, 5), "mallet_percussion": (8, 9, 11, 12, 13, 14), "organ": (16, 17, 18, 19),
    "accordion": (21, 23), "guitar": (24, 25, 26, 27, 28, 29, 30), "bass": (32, 33, 34, 35, 36), "violin": (40,),
    "viola": (41,), "cello": (42,), "voice": (52, 53), "trumpet": (56, 59), "trombone": (57,), "horn": (60,),
    "saxophone": (64, 65, 66, 67), "oboe": (68,), "bassoon": (70,), "clarinet": (71,), "flute": (72, 73),
    "synthesizer": (80, 81, 84, 87, 88, 89, 90, 93), "banjo": (105,),
}
#: General MIDI percussion keys on channel 10.
GM_DRUMS = (35, 36, 37, 38, 39, 40, 41, 43, 45, 47, 48, 50, 54, 56, 60, 61, 62, 63, 64, 65, 66)
GM_CYMBALS = (42, 44, 46, 49, 51, 52, 53, 55, 57, 59)


def index_of(name: str, where: str) -> int:
    """Index of a class; an unknown name is an error that says where it stood."""
    if name not in INDEX:
        raise TrainingError(f"{where}: unknown class '{name}'; the classes are {', '.join(CLASSES)}")
    return INDEX[name]
