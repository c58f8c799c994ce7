// One OSC message, a pure value.

/// An address and its arguments (Open Sound Control 1.0).
struct OSCMessage: Equatable {
    /// The argument types in use.
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

    /// Converts a name to a part of an address: characters with a meaning in OSC become `_`.
    static func part(_ name: String) -> String {
        String(
            name.unicodeScalars.map { scalar -> Character in
                scalar.value > 0x20 && scalar.value < 0x7F && !"#*,/?[]{}".unicodeScalars.contains(scalar)
                    ? Character(scalar) : "_"
            })
    }

    /// Number of bytes in a bundle: size, address, types and arguments, each padded to four.
    var bundledSize: Int {
        func padded(_ bytes: Int) -> Int { (bytes / 4 + 1) * 4 }
        return 4 + padded(path.utf8.count) + padded(arguments.count + 1)
            + arguments.reduce(0) { sum, argument in
                if case .string(let text) = argument { sum + padded(text.utf8.count) } else { sum + 4 }
            }
    }
}
