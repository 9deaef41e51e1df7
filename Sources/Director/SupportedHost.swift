import LinuxIO

/// The kernels and C libraries that holdfastd runs on.
enum SupportedHost {
    /// The first two numbers of a version.
    struct Version: Hashable, Comparable, CustomStringConvertible {
        let major: Int
        let minor: Int

        init(_ major: Int, _ minor: Int) { (self.major, self.minor) = (major, minor) }

        /// `6.1.0-18-amd64` is 6.1, `2.36` is 2.36; nil where two numbers do not begin the text.
        init?(_ text: String) {
            let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count > 1, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isNumber })
            else { return nil }
            self.init(major, minor)
        }

        var description: String { "\(major).\(minor)" }

        static func < (left: Version, right: Version) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }
    }

    /// The first kernel with all that the event loop and the children's descriptors need (epoll_pwait2).
    static let kernel = Version(5, 11)
    /// The oldest C library that the tests run with; an older one lacks what the program is linked with.
    static let library = Version(2, 35)

    /// Why this host is not supported, a sentence for each reason; a version that cannot be read is none.
    static func objections(
        kernel release: String = HostFacts.kernelRelease, library version: String = HostFacts.libraryVersion
    ) -> [String] {
        var found: [String] = []
        if let present = Version(release), present < kernel {
            found.append("this kernel is Linux \(release); holdfastd needs Linux \(kernel) or later")
        }
        if let present = Version(version), present < library {
            found.append("this C library is glibc \(version); holdfastd needs glibc \(library) or later")
        }
        return found
    }
}
