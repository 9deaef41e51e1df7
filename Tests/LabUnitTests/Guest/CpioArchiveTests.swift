import Lab
import Testing

@Suite struct CpioArchiveTests {
    private func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }

    @Test func `an entry is a header of 110 octets, a padded name and padded content`() {
        var archive = CpioArchive()
        archive.addFile("a/b", Array("hello".utf8), executable: true)
        let image = archive.finished()
        #expect(text(image.prefix(6)) == "070701")
        #expect(text(image[14..<22]) == "000081ed")  // regular file, mode 0755
        #expect(text(image[54..<62]) == "00000005")  // content
        #expect(text(image[94..<102]) == "00000004")  // name with its NUL
        #expect(text(image[110..<113]) == "a/b")
        // 110 + 4 is padded to 116, content 5 to 8, so the end marker starts at 124.
        #expect(text(image[116..<121]) == "hello")
        #expect(text(image[124..<130]) == "070701")
        #expect(text(image.dropFirst(124 + 110).prefix(10)) == "TRAILER!!!")
    }

    @Test(arguments: 0...9)
    func `every image is a multiple of four octets`(size: Int) {
        var archive = CpioArchive()
        archive.addDirectory("d")
        archive.addFile("d/file", [UInt8](repeating: 1, count: size))
        archive.addLink("d/link", to: String(repeating: "x", count: size))
        #expect(archive.finished().count % 4 == 0)
    }

    @Test func `a link's content is its target, and inode numbers differ`() {
        var archive = CpioArchive()
        archive.addDirectory("d")
        archive.addLink("l", to: "busybox")
        let image = archive.finished()
        let second = 112  // header and "d\0"
        #expect(text(image[14..<22]) == "000041ed")
        #expect(text(image[(second + 14)..<(second + 22)]) == "0000a1ff")
        #expect(image[6..<14] != image[(second + 6)..<(second + 14)])
        #expect(text(image[(second + 112)..<(second + 119)]) == "busybox")
    }
}
