import Foundation

/// A program that was built together with these tests, run to its end.
enum BuiltProgram {
    struct Outcome {
        var status: Int32
        var output: String
        var error: String
    }

    /// Where holdfast and holdfastd are.
    static func folder() throws -> URL {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own).deletingLastPathComponent()
    }

    static func run(_ name: String, _ arguments: [String]) throws -> Outcome {
        try run(at: folder().appendingPathComponent(name).path, arguments)
    }

    /// Runs any program, in `directory`, with `environment` added to this process's own.
    static func run(
        at path: String, _ arguments: [String], in directory: URL? = nil, environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, not pipes: nobody has to read while it writes.
        let (output, error) = (try File(), try File())
        process.standardInput = FileHandle.nullDevice
        (process.standardOutput, process.standardError) = (output.handle, error.handle)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try output.take(), error: try error.take())
    }

    private struct File {
        let url: URL
        let handle: FileHandle

        init() throws {
            url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try Data().write(to: url)
            handle = try FileHandle(forWritingTo: url)
        }

        func take() throws -> String {
            defer { try? FileManager.default.removeItem(at: url) }
            return String(decoding: try Data(contentsOf: url), as: UTF8.self)
        }
    }
}
