import FoundationEssentials
import Testing

@testable import Lab

@Suite struct GuestCacheTests {
    @Test(arguments: [
        (["XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/holdfast"), (["HOME": "/h"], "/h/.cache/holdfast"),
        (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/holdfast"),
    ])
    func `the cache is where the XDG rules say`(environment: [String: String], folder: String) throws {
        #expect(try GuestCache.standard(environment: environment).folder == folder)
    }

    @Test func `without a home there is no place for a cache`() {
        #expect(throws: LabError.self) { try GuestCache.standard(environment: [:]) }
    }

    @Test func `only a complete kernel counts`() throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(
            path: "holdfast-cache-\(UInt64.random(in: 0...UInt64.max))"
        ).path
        defer { try? files.removeItem(atPath: folder) }
        let cache = GuestCache(folder: folder)
        #expect(cache.newestKernel() == nil)
        try files.createDirectory(
            atPath: "\(folder)/kernels/linux-image-1", withIntermediateDirectories: true)
        #expect(cache.newestKernel() == nil)
        try Data("6.1.0-1".utf8).write(to: URL(filePath: "\(folder)/kernels/linux-image-1/complete"))
        let kernel = try #require(cache.newestKernel())
        #expect(kernel.release == "6.1.0-1")
        #expect(kernel.modules == "\(folder)/kernels/linux-image-1/unpacked/lib/modules/6.1.0-1")
    }
}
