import LinuxIO
import Testing

@testable import Director

@Suite struct InterfaceSettingsTests {
    private let scratch: ScratchDirectory
    private let settings: InterfaceSettings

    init() throws {
        scratch = try ScratchDirectory()
        settings = InterfaceSettings(root: scratch.path)
        for directory in ["ipv4", "ipv4/conf"] { try Files.createDirectory("\(scratch.path)/\(directory)") }
        for interface in ["all", "eth0", "v51"] {
            try Files.createDirectory("\(scratch.path)/ipv4/conf/\(interface)")
            for name in ["arp_ignore", "arp_announce", "arp_filter", "rp_filter"] {
                _ = try scratch.write("ipv4/conf/\(interface)/\(name)", "0\n")
            }
        }
    }

    /// A file as the kernel's are: what is written replaces all of it.
    private func read(_ path: String, _ family: String = "ipv4") throws -> String {
        try String(scratch.read("\(family)/conf/\(path)").prefix { $0 != "\n" })
    }

    @Test func `the larger of the interface's number and that of all counts`() throws {
        for setting in InterfaceSetting.allCases {
            #expect(!settings.isMet(setting, by: "eth0"))
            for place in ["all", "eth0"] {
                _ = try scratch.write("ipv4/conf/\(place)/\(setting.rawValue)", "2\n")
                #expect(settings.isMet(setting, by: "eth0"))
                _ = try scratch.write("ipv4/conf/\(place)/\(setting.rawValue)", "0\n")
            }
        }
        _ = try scratch.write("ipv4/conf/eth0/arp_announce", "1\n")
        #expect(!settings.isMet(.asksFromOwn, by: "eth0"))
    }

    @Test func `a setting is written and read back`() throws {
        try settings.set(.asksFromOwn, of: "eth0", to: 2)
        #expect(settings.value("arp_announce", of: "eth0") == 2)
        #expect(settings.value("arp_announce", of: "eth9") == nil)
        #expect(throws: SystemError.self) { try settings.set(.asksFromOwn, of: "eth9", to: 2) }
        _ = try scratch.write("ipv4/conf/eth0/arp_announce", "rubbish\n")
        #expect(settings.value("arp_announce", of: "eth0") == nil)
    }

    @Test(arguments: [("all", "1"), ("all", "2"), ("eth0", "1"), ("eth0", "0")])
    func `a new interface checks sources where the one below does, and then loosely`(
        place: String, value: String
    ) throws {
        _ = try scratch.write("ipv4/conf/\(place)/rp_filter", value + "\n")
        try settings.prepare("v51", on: "eth0")
        #expect(try read("v51/rp_filter") == (value == "0" ? "0" : "2"))
        #expect(try read("v51/arp_ignore") == "1")
        #expect(try read("v51/arp_announce") == "2")
    }

    @Test func `it learns nothing from routers' advertisements`() throws {
        for directory in ["ipv6", "ipv6/conf", "ipv6/conf/v51"] {
            try Files.createDirectory("\(scratch.path)/\(directory)")
        }
        for name in ["addr_gen_mode", "accept_ra", "autoconf"] {
            _ = try scratch.write("ipv6/conf/v51/\(name)", "7\n")
        }
        try settings.prepare("v51", on: "eth0")
        #expect(try read("v51/addr_gen_mode", "ipv6") == "1")
        #expect(try read("v51/accept_ra", "ipv6") == "0")
        #expect(try read("v51/autoconf", "ipv6") == "0")
    }

    @Test func `an interface that is not there is an error`() {
        #expect(throws: SystemError.self) { try settings.prepare("v52", on: "eth0") }
    }
}
