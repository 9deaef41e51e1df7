import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct RestoreInputTests {
    private func read(_ text: String) -> RestoreInput { RestoreInput(text, names: .none) }

    @Test func `lines are commands, each with its number`() throws {
        let input = read("-A -t 10.9.0.1:80 -s rr\n\n   \n\t-a -t 10.9.0.1:80 -r 10.9.0.2 -m\n-C")
        #expect(input.mistakes.isEmpty)
        #expect(input.lines.map(\.number) == [1, 4, 5])
        #expect(input.lines.last?.command == .clear)
        #expect(input.lines.first?.command == (try Sample.command("-A -t 10.9.0.1:80 -s rr")))
    }

    @Test func `a line may begin with the program's name`() {
        let input = read("ipvsadm -C\nipvsadm\n")
        #expect(input.lines.map(\.command) == [.clear])
        #expect(input.mistakes.isEmpty)
    }

    @Test func `lines may end as on other systems`() {
        #expect(read("-C\r\n-Z\r\n").lines.map(\.command) == [.clear, .zero(nil)])
        #expect(read("-C\r\n\r\n-Z").lines.map(\.number) == [1, 3])
    }

    @Test func `nothing is no mistake`() {
        #expect(read("").lines.isEmpty && read("").mistakes.isEmpty)
        #expect(read("\n\n").lines.isEmpty && read("\r\n").mistakes.isEmpty)
    }

    @Test func `every mistake is told, with its line and its status`() {
        let input = read("-A -t bad -s rr\n-A -t 10.9.0.1:81\n# comment\n-A -t \"10.9.0.83:80\"\n-R\n")
        #expect(input.lines.map(\.number) == [2])
        #expect(input.mistakes.map(\.number) == [1, 3, 4, 5])
        #expect(input.mistakes.map(\.error.status) == [2, 255, 2, 255])
        #expect(input.mistakes.first?.description == "line 1: bad is no address of a service")
        #expect(input.mistakes[2].description == "line 4: \"10.9.0.83:80\" is no address of a service")
    }

    @Test func `marks that ipvsadm wrote as negative numbers are understood`() throws {
        let input = read("-A -f -1 -s rr\n-a -f -1 -r 10.9.0.2:0 -g -w 1\n")
        let mark = try #require(FirewallMark(4_294_967_295))
        #expect(input.mistakes.isEmpty)
        #expect(
            input.lines.map(\.command) == [
                .change(.addService(IPVSService(identity: .mark(.inet, mark), scheduler: "rr"))),
                try Sample.command("-a -f 4294967295 -r 10.9.0.2 -g -w 1"),
            ])
    }

    @Test func `what ipvsadm saved is understood whole`() throws {
        for file in ["save", "save-names"] {
            let input = RestoreInput(try Sample.golden(file), names: Sample.names)
            // 5060 and 8080 have names that this lookup tells, but does not know the way back.
            #expect(input.mistakes.count == (file == "save" ? 0 : 3))
            #expect(input.lines.count + input.mistakes.count == 31)
        }
    }
}
