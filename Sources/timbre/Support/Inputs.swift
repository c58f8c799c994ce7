// Options and files that several verbs use.

import CommandLine
import Configuration
import Engine
import Models
import PublishedModels

extension Option {
    static let model = Option("model", short: "m", .file, help: "use this model instead of the bundled one")
    static let config = Option("config", short: "c", .file, help: "read thresholds and times from this configuration")
    static let socket = Option("socket", .file, help: "connect to this socket of the daemon")
}

extension Settings {
    /// Reads a configuration, or uses the defaults where there is none.
    init(reading file: String?) throws(Failure) {
        guard let file else {
            self.init()
            return
        }
        do throws(ConfigurationError) {
            self = try Settings(file: file)
        } catch {
            if case .unreadable = error { throw Failure(error.description, .noInput) }
            throw Failure(error.description, .configuration)
        }
    }
}

extension ModelFile {
    /// Reads a model; nil means the bundled one.
    init(at path: String?) throws(Failure) {
        let path = try BundledFile.model.replaced(by: path)
        do throws(ModelError) {
            try self.init(contentsOf: path)
        } catch {
            throw Failure(error.description, error.code)
        }
    }
}

extension ClipModelFile {
    /// Reads a clip model.
    init(at path: String) throws(Failure) {
        do throws(ModelError) {
            try self.init(contentsOf: path, among: .all)
        } catch {
            throw Failure(error.description, error.code)
        }
    }
}

extension ModelTask {
    /// Reads the description of the model at a path.
    init(at path: String) throws(Failure) {
        do throws(ModelError) {
            try self.init(ofFile: path)
        } catch {
            throw Failure(error.description, error.code)
        }
    }
}

extension ModelError {
    /// The exit status of the error.
    var code: ExitCode { isUnreadable ? .noInput : .data }
}

extension BundledFile {
    /// Returns the path that the user named instead of this file, or the path of this file.
    func replaced(by other: String?) throws(Failure) -> String {
        if let other { return other }
        guard let path else {
            throw Failure("\(rawValue) is not installed: install it, or name a file instead", .noInput)
        }
        return path
    }
}
