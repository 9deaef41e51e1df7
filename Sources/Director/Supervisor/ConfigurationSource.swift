import ConfigModel
import ConfigSyntax
import KernelNet
import LinuxIO
import NetTypes
import Pattern
import TLS

/// The configuration file: where it is, and what is in it now.
struct ConfigurationSource {
    /// Looked for in this order without `-f`.
    static let defaultPaths = ["/etc/holdfast/holdfast.conf", "/etc/keepalived/keepalived.conf"]
    /// A file above this size is refused.
    static let sizeLimit = 256 << 20

    let path: String
    let configID: String
    /// `-e`.
    private let needsAllFiles: Bool

    init(_ options: Options) {
        path = Self.choose(options.file, exists: Files.exists)
        configID = options.configID ?? HostFacts.shortHostName
        needsAllFiles = options.needsAllFiles
    }

    /// `file`, or the first default that exists, or the first default.
    static func choose(_ file: String?, exists: (String) -> Bool) -> String {
        file ?? defaultPaths.first(where: exists) ?? defaultPaths[0]
    }

    /// Reads and checks everything anew; of another file where one is named. What came of a `former` reading
    /// makes that faster.
    func load(_ file: String? = nil, after former: LoadResult? = nil) -> LoadResult {
        ConfigurationLoader.load(
            path: file ?? path, surroundings, problem: Pattern.problem, after: former)
    }

    private var surroundings: Surroundings {
        Surroundings(
            configID: configID,
            list: { path in
                do throws(SystemError) {
                    return .success(try Files.names(in: path))
                } catch {
                    return .failure(FileProblem("\(error.errno)"))
                }
            }, name: Files.identity, environment: HostFacts.environment, needsAllFiles: needsAllFiles,
            read: { path in
                do throws(SystemError) {
                    return .success(try Files.read(path, limit: Self.sizeLimit))
                } catch {
                    return .failure(FileProblem("\(error.errno)"))
                }
            })
    }

    /// The first seven digits of the SHA-256 of all files in the order they were read; what a log line can
    /// carry.
    static func digest(of files: [[UInt8]]) -> String {
        guard let digest = SHA256.digest(of: files.flatMap { $0 }) else { return "unknown" }
        let digits = digest.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return String(digits.prefix(7))
    }
}

extension LoadResult {
    /// With what this host adds; what the daemon has put there itself, by its `claims`, is none of it.
    func seenOnThisHost(beside claims: [Claim] = []) -> LoadResult {
        seen(on: HostSurvey.answer(questions).without(claims))
    }
}

extension HostDescription {
    /// The host without the addresses and interfaces that are claimed.
    func without(_ claims: [Claim]) -> HostDescription {
        var (made, held) = (Set<String>(), [String: Set<Prefix>]())
        for claim in claims {
            switch claim {
            case .address(let interface, let prefix): held[interface, default: []].insert(prefix)
            case .interface(let name, _): made.insert(name)
            default: break
            }
        }
        var host = self
        host.interfaces = interfaces?.filter { !made.contains($0.name) }.map { interface in
            var interface = interface
            interface.addresses.removeAll { held[interface.name]?.contains($0) == true }
            return interface
        }
        return host
    }
}
