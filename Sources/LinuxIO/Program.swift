import CLinux

/// What to execute: an absolute path, the whole argument vector and the whole environment. No shell, no PATH.
package struct Program: Hashable, Sendable {
    /// The executable's path.
    package var path: String
    /// argv, the program's own name first.
    package var arguments: [String]
    /// The child's entire environment.
    package var environment: [String: String]
    /// The working directory; nil for the caller's.
    package var directory: String?

    /// The program at `path` with `arguments` after its name.
    package init(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:],
        directory: String? = nil
    ) {
        self.path = path
        self.arguments = [path] + arguments
        self.environment = environment
        self.directory = directory
    }

    /// A text with a NUL octet would be cut silently; the kernel's E2BIG bounds the rest.
    private static func joined(_ strings: [String]) throws(Errno) -> [CChar] {
        var octets: [CChar] = []
        for string in strings {
            guard !string.utf8.contains(0) else { throw .invalid }
            octets += string.utf8.map { CChar(bitPattern: $0) }
            octets.append(0)
        }
        return octets + [0]
    }

    /// Runs `body` with the C form of this program.
    func withProgram<T>(
        descriptors: [(source: CInt, target: CInt)], newGroup: Bool,
        newSession: Bool = false,
        _ body: (inout hf_program) -> T
    ) throws(Errno) -> T {
        guard !path.utf8.contains(0), directory?.utf8.contains(0) != true else { throw .invalid }
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let (names, values) = (try Self.joined(arguments), try Self.joined(variables))
        let (sources, targets) = (descriptors.map(\.source), descriptors.map(\.target))
        let directoryOctets = directory.map { Array($0.utf8CString) } ?? []
        return unsafe path.withCString { path in
            unsafe names.withUnsafeBufferPointer { names in
                unsafe values.withUnsafeBufferPointer { values in
                    unsafe sources.withUnsafeBufferPointer { sources in
                        unsafe targets.withUnsafeBufferPointer { targets in
                            unsafe directoryOctets.withUnsafeBufferPointer { directory in
                                var program = unsafe hf_program(
                                    path: path, directory: directory.isEmpty ? nil : directory.baseAddress,
                                    arguments: names.baseAddress, argument_count: arguments.count,
                                    environment: values.baseAddress, environment_count: variables.count,
                                    sources: sources.baseAddress, targets: targets.baseAddress,
                                    descriptor_count: sources.count, new_group: newGroup ? 1 : 0,
                                    new_session: newSession ? 1 : 0)
                                return unsafe body(&program)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Replaces this process by the program (execve(2)); descriptors that are not close-on-exec stay open.
    /// Returns only by throwing.
    package func execute() throws(SystemError) -> Never {
        let result = try SystemError.naming("execute \(path)") { () throws(Errno) in
            try unsafe withProgram(descriptors: [], newGroup: false) { unsafe hf_execute(&$0) }
        }
        throw SystemError("execute \(path)", Errno(rawValue: -result))
    }
}
