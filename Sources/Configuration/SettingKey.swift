// One key of the file: how it is parsed, shown and reloaded. The tables of keys are the only list of them.

/// A key of the table that corresponds to `Target`.
struct SettingKey<Target>: Sendable {
    let name: String
    let reload: ReloadClass
    /// Stores a value; returns the error in it, as the end of the sentence "KEY ...", or nil.
    let read: @Sendable (inout Target, String) -> String?
    /// The smallest and largest values of a number, and the value next to the smallest; empty for other keys.
    let extremes: [String]
    /// The value in the form of the file.
    let show: @Sendable (Target) -> String

    init(
        name: String, reload: ReloadClass, extremes: [String] = [],
        read: @escaping @Sendable (inout Target, String) -> String?, show: @escaping @Sendable (Target) -> String
    ) {
        self.name = name
        self.reload = reload
        self.extremes = extremes
        self.read = read
        self.show = show
    }

    private static func extremes(_ range: ClosedRange<Double>) -> [String] {
        [range.lowerBound, range.lowerBound.nextUp, range.upperBound].map { "\($0)" }
    }

    /// Creates a key for a number within `range`.
    static func number(
        _ name: String, _ path: WritableKeyPath<Target, Double> & Sendable, _ range: ClosedRange<Double>,
        _ reload: ReloadClass
    ) -> SettingKey {
        SettingKey(name: name, reload: reload, extremes: extremes(range)) { target, text in
            guard let value = Double(text), range.contains(value) else { return mustBe(range, text) }
            target[keyPath: path] = value
            return nil
        } show: {
            plain($0[keyPath: path])
        }
    }

    /// Creates a key for a number within `range`, or the word `absent` for `nil`.
    static func number(
        _ name: String, _ path: WritableKeyPath<Target, Double?> & Sendable, _ range: ClosedRange<Double>,
        or absent: String, _ reload: ReloadClass
    ) -> SettingKey {
        SettingKey(name: name, reload: reload, extremes: extremes(range)) { target, text in
            let value = Double(text)
            guard text == absent || value.map(range.contains) == true else { return mustBe(range, or: absent, text) }
            target[keyPath: path] = text == absent ? nil : value
            return nil
        } show: {
            $0[keyPath: path].map(plain) ?? absent
        }
    }

    /// Creates a key for `true` or `false`.
    static func flag(
        _ name: String, _ path: WritableKeyPath<Target, Bool> & Sendable, _ reload: ReloadClass
    ) -> SettingKey {
        SettingKey(name: name, reload: reload) { target, text in
            guard let value = Bool(text) else { return "is \"\(text)\": write true or false" }
            target[keyPath: path] = value
            return nil
        } show: {
            String($0[keyPath: path])
        }
    }

    /// Creates a key for an integer within `range`.
    static func integer(
        _ name: String, _ path: WritableKeyPath<Target, Int> & Sendable, _ range: ClosedRange<Int>,
        _ reload: ReloadClass
    ) -> SettingKey {
        SettingKey(name: name, reload: reload, extremes: ["\(range.lowerBound)", "\(range.upperBound)"]) {
            target, text in
            guard let value = Int(text), range.contains(value) else {
                return "is \"\(text)\": write a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            target[keyPath: path] = value
            return nil
        } show: {
            String($0[keyPath: path])
        }
    }

    /// Creates a key for one of two words.
    static func choice(
        _ name: String, _ path: WritableKeyPath<Target, Bool> & Sendable, no: String, yes: String, _ reload: ReloadClass
    ) -> SettingKey {
        SettingKey(name: name, reload: reload) { target, text in
            guard text == no || text == yes else { return "is \"\(text)\": write \(yes) or \(no)" }
            target[keyPath: path] = text == yes
            return nil
        } show: {
            $0[keyPath: path] ? yes : no
        }
    }

    /// Creates a key for one of the words of a type.
    static func word<Value: CaseIterable & RawRepresentable<String> & Sendable>(
        _ name: String, _ path: WritableKeyPath<Target, Value> & Sendable, _ reload: ReloadClass
    ) -> SettingKey {
        let words = Dictionary(uniqueKeysWithValues: Value.allCases.map { ($0.rawValue, $0) })
        let list = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return SettingKey(name: name, reload: reload) { target, text in
            guard let value = words[text] else { return "is \"\(text)\": write \(list)" }
            target[keyPath: path] = value
            return nil
        } show: {
            $0[keyPath: path].rawValue
        }
    }

    /// Creates a key for a text of at most `longest` bytes without control characters, or the word `absent` for `nil`.
    static func text(
        _ name: String, _ path: WritableKeyPath<Target, String?> & Sendable, longest: Int, or absent: String,
        _ reload: ReloadClass
    ) -> SettingKey {
        SettingKey(name: name, reload: reload) { target, text in
            if let problem = textProblem(text, longest: longest) { return problem }
            target[keyPath: path] = text == absent ? nil : text
            return nil
        } show: {
            $0[keyPath: path] ?? absent
        }
    }

    /// Returns the reason why a text is invalid, or `nil`.
    static func textProblem(_ text: String, longest: Int) -> String? {
        guard !text.isEmpty else { return "is empty: write a value" }
        guard text.utf8.count <= longest else { return "has \(text.utf8.count) bytes: write at most \(longest)" }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return "has a control character: remove it" }
        return nil
    }

    /// Returns a message like "is "x": write a number from 0 to 1".
    private static func mustBe(_ range: ClosedRange<Double>, or absent: String? = nil, _ text: String) -> String {
        let other = absent.map { ", or the word \($0)" } ?? ""
        return "is \"\(text)\": write a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))\(other)"
    }

    /// Formats a number without a trailing ".0".
    static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}

/// The effect of a reload on a changed key.
public enum ReloadClass: String, Sendable {
    /// SIGHUP applies it while running.
    case appliedNow = "applied now"
    /// SIGHUP reports it; a restart applies it.
    case needsRestart = "needs a restart"
}
