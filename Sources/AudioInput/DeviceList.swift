// Everything that can be heard on this machine now.

/// A source that is there now, as `timbre devices` shows it.
public struct Device: Equatable, Sendable {
    /// The name to put into a configuration. It stays the same when devices are plugged in another order.
    public var name: String
    /// What a person calls it, on one line.
    public var label: String
}

/// The devices of all backends.
public struct DeviceList: Sendable {
    /// What can be heard, backend by backend.
    public private(set) var devices: [Device] = []
    /// Why backends could not be asked: their sound system does not run, or does not answer.
    public private(set) var problems: [AudioInputError] = []

    /// Asks every backend. Allocates and blocks, for two seconds a backend at most; not for real-time threads.
    public init() { self.init(Backend.all) }

    init(_ backends: [Backend]) {
        for backend in backends {
            do throws(AudioInputError) {
                devices += try backend.list?() ?? []
            } catch {
                problems.append(error)
            }
        }
    }
}
