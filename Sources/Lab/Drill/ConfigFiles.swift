import ConfigSyntax
import LinuxIO

/// How the configuration's pure loader gets at files here.
enum ConfigFiles {
    /// The content of the file at `path`, bounded, or why it cannot be had.
    static func read(_ path: String) -> Result<[UInt8], FileProblem> {
        do {
            return .success(try Files.read(path, limit: SourceFile.maximumSize))
        } catch {
            return .failure(FileProblem(error.errno == .notFound ? "no such file" : "\(error.errno)"))
        }
    }
}
