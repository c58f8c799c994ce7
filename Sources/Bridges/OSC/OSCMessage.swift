// One OSC message as a value.

/// An address and its arguments (Open Sound Control 1.0).
struct OSCMessage: Equatable {
    /// The types of argument that are used.
    enum Argument: Equatable {
        case integer(Int32)
        case float(Float)
        case string(String)
    }

    /// `/timbred/main/violin/on`.
    var path: String
    var arguments: [Argument]

    init(_ path: String, _ arguments: Argument...) {
        self.path = path
        self.arguments = arguments
    }

    /// A name as a part of an address: what OSC gives a meaning to becomes `_`.
    static func part(_ name: String) -> String {
        String(
            name.unicodeScalars.map { scalar -> Character in
                scalar.value > 0x20 && scalar.value < 0x7F && !"#*,/?[]{}".unicodeScalars.contains(scalar)
                    ? Character(scalar) : "_"
            })
    }

    /// The bytes it takes in a bundle: its size, address, types and arguments, each padded to four.
    var bundledSize: Int {
        func padded(_ bytes: Int) -> Int { (bytes / 4 + 1) * 4 }
        return 4 + padded(path.utf8.count) + padded(arguments.count + 1)
            + arguments.reduce(0) { sum, argument in
                if case .string(let text) = argument { sum + padded(text.utf8.count) } else { sum + 4 }
            }
    }
}
