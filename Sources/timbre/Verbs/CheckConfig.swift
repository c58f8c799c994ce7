// `timbre check-config FILE`: checks whether the daemon accepts a configuration.

import AudioInput
import CommandLine
import Configuration
import Engine
import Models

extension Command {
    static let checkConfig = Command(
        Verb(
            "check-config", summary: "check a configuration and print the effective settings",
            discussion: [
                "Reads the file as the daemon does, including its models and the names of sources and instruments, and "
                    + "prints every setting with its value. An error message names the file and the line."
            ],
            options: [.model, Option("quiet", short: "q", help: "print nothing if the file is valid")],
            operands: [Operand("FILE", .file, help: "the configuration file")])
    ) { arguments throws(Failure) in
        let file = arguments.operands[0]
        let settings = try Settings(reading: file)
        let path = try BundledFile.model.replaced(by: arguments.text("model") ?? settings.modelPath)
        let models: EngineModels
        do throws(EngineError) {
            models = try EngineModels(settings, path: path)
        } catch {
            throw Failure("\(file): \(error.description)", error.code)
        }
        do throws(ConfigurationError) {
            try settings.check(classes: models.file.description.classes.map(\.rawValue), file: file)
        } catch {
            throw Failure(error.description, .configuration)
        }
        for stream in settings.streams {
            do throws(AudioInputError) {
                _ = try SourceSpecification(stream.source)
            } catch {
                throw Failure("\(file):\(stream.sourceLine): stream \(stream.name): \(error)", .configuration)
            }
        }
        for note in settings.notes { Output.complain("\(file): \(note)") }
        guard !arguments.flag("quiet") else { return }
        let width = settings.entries.map(\.path.count).max() ?? 0
        for entry in settings.entries { try Output.line("\(fitted(entry.path, width)) = \(entry.value)") }
    }
}
