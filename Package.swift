// swift-tools-version: 6.2
import PackageDescription

// Flags for every Swift target: an unmarked unsafe construct or any warning stops the build.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),  // SE-0458: C pointers must be spelled `unsafe`, so the border is grep-able
    .treatAllWarnings(as: .error),  // SE-0480
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
]

/// A Swift library target of this package.
func library(_ name: String, _ dependencies: [Target.Dependency] = [], linked: [LinkerSetting] = []) -> Target
{
    .target(name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: linked)
}

/// The tests of one target; test files may use what the target itself may use, and the simulation kit.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], exclude: [String] = []
)
    -> Target
{
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "holdfast",
    products: [
        .executable(name: "holdfastd", targets: ["holdfastd"]),
        .executable(name: "holdfast", targets: ["holdfast"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // Base: values without behaviour of their own.
        library("NetTypes"),
        library("Timekeeping"),

        // Pure: decisions. Events and `now` go in, actions come out.
        library("ConfigSyntax"),
        library("VRRP", ["NetTypes", "Timekeeping"]),
        library("HealthChecks", ["NetTypes", "Timekeeping"]),
        library("LoadBalancing", ["NetTypes", "Timekeeping", "HealthChecks"]),
        library("LoopGuard", ["NetTypes", "LoadBalancing"]),
        library(
            "ConfigModel",
            [
                "NetTypes", "Timekeeping", "ConfigSyntax", "VRRP", "HealthChecks", "LoadBalancing",
                "LoopGuard",
            ]),

        // What the tool and the daemon say to each other.
        library("ControlProtocol", ["Timekeeping", "ConfigSyntax"]),
        // ipvsadm's command lines and listings, as values and text.
        library("IPVSAdmin", ["NetTypes", "LoadBalancing", "ControlProtocol"]),

        // Adapters: each translates between pure values and one foreign interface.
        .target(name: "CLinux"),
        .systemLibrary(
            name: "CNetlink", pkgConfig: "libnl-genl-3.0", providers: [.apt(["libnl-genl-3-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        library("TLS", ["COpenSSL"]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        library("Pattern", ["CPCRE2", "HealthChecks"]),
        library("LinuxIO", ["CLinux", "NetTypes", "Timekeeping"]),
        library(
            "KernelNet",
            [
                "CNetlink", "CLinux", "LinuxIO", "NetTypes", "Timekeeping", "VRRP", "LoadBalancing",
                "ConfigModel",
            ]),

        // Shells.
        library(
            "Director",
            [
                "NetTypes", "Timekeeping", "ConfigSyntax", "ConfigModel", "VRRP", "HealthChecks",
                "LoadBalancing",
                "LoopGuard", "LinuxIO", "KernelNet", "TLS", "Pattern", "ControlProtocol",
            ]),
        library(
            "Lab",
            [
                "LinuxIO", "KernelNet", "TLS", "NetTypes", "Timekeeping", "ConfigSyntax", "ConfigModel",
                "VRRP",
                "HealthChecks", "LoadBalancing", "LoopGuard", "ControlProtocol", "IPVSAdmin", "SimulationKit",
            ]),
        .executableTarget(name: "holdfastd", dependencies: ["Director"], swiftSettings: strict),
        .executableTarget(
            name: "holdfast",
            dependencies: [
                "Lab", "ConfigModel", "ConfigSyntax", "LinuxIO", "KernelNet", "Pattern", "ControlProtocol",
                "LoadBalancing", "NetTypes", "Timekeeping", "SimulationKit", argumentParser,
            ],
            swiftSettings: strict),

        // Test support.
        library("SimulationKit", ["NetTypes", "Timekeeping", "VRRP"]),

        tests("NetTypesTests", ["NetTypes"]),
        tests("TimekeepingTests", ["Timekeeping"]),
        tests("ConfigSyntaxTests", ["ConfigSyntax", "SimulationKit"]),
        tests("VRRPTests", ["VRRP", "NetTypes", "Timekeeping"]),
        tests("SimulationTests", ["SimulationKit", "VRRP", "NetTypes", "Timekeeping"]),
        tests("HealthChecksTests", ["HealthChecks", "NetTypes", "Timekeeping"]),
        tests("LoadBalancingTests", ["LoadBalancing", "HealthChecks", "NetTypes", "Timekeeping"]),
        tests("LoopGuardTests", ["LoopGuard", "LoadBalancing", "NetTypes"]),
        tests(
            "ConfigModelTests",
            [
                "ConfigModel", "ConfigSyntax", "NetTypes", "Timekeeping", "VRRP", "HealthChecks",
                "LoadBalancing", "LoopGuard",
            ]),
        tests(
            "ConfigGoldenTests",
            ["ConfigModel", "ConfigSyntax", "HealthChecks", "NetTypes", "SimulationKit"],
            exclude: ["Golden"]),
        tests("LinuxIOTests", ["LinuxIO", "NetTypes", "Timekeeping"]),
        tests("TLSTests", ["TLS", "LinuxIO", "Timekeeping"]),
        tests("PatternTests", ["Pattern", "HealthChecks"]),
        tests(
            "KernelNetTests",
            [
                "KernelNet", "LinuxIO", "NetTypes", "Timekeeping", "VRRP", "LoadBalancing", "ConfigModel",
                "ConfigSyntax",
            ]),
        tests(
            "DirectorTests",
            [
                "Director", "NetTypes", "Timekeeping", "ConfigSyntax", "ConfigModel", "VRRP", "HealthChecks",
                "LoadBalancing", "LoopGuard", "LinuxIO", "KernelNet", "ControlProtocol",
            ]),
        tests(
            "IPVSAdminTests", ["IPVSAdmin", "ControlProtocol", "LoadBalancing", "NetTypes"],
            exclude: ["Golden"]),
        tests("ControlProtocolTests", ["ControlProtocol", "ConfigSyntax", "Timekeeping", "SimulationKit"]),
        tests(
            "LabUnitTests",
            [
                "Lab", "LinuxIO", "NetTypes", "Timekeeping", "ConfigModel", "ConfigSyntax", "VRRP",
                "HealthChecks", "LoadBalancing", "LoopGuard", "SimulationKit", "ControlProtocol",
                "IPVSAdmin",
            ]),
        // Needs root and a kernel with IPVS: `holdfast lab guest` runs it, see the Makefile.
        tests(
            "LabTests",
            [
                "Lab", "LinuxIO", "KernelNet", "NetTypes", "Timekeeping", "VRRP", "LoadBalancing",
                "LoopGuard",
                "ConfigModel", "ConfigSyntax", "ControlProtocol", "IPVSAdmin", "SimulationKit",
            ]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
