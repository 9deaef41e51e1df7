import FoundationEssentials
import LinuxIO
import Testing
import Timekeeping

@Suite(.serialized, .enabled(if: hasIPVS)) struct LabPairTests {
    @Test func `a command runs in the lab, which is gone afterwards`() throws {
        let before = Tool.namespaces
        let script = #"""
            ip netns exec $HOLDFAST_LAB_DIRECTOR_A ipvsadm -Sn
            ip netns exec $HOLDFAST_LAB_CLIENT timeout 5 bash -c \
              'exec 3<>/dev/tcp/192.0.2.100/80; echo hello >&3; read answer <&3; echo "answer $answer"'
            echo "service $HOLDFAST_LAB_SERVICE"
            exit 5
            """#
        let end = try Tool.run(["lab", "up", "--place", "native", "--", "bash", "-c", script])
        #expect(end.status == .exited(5), "\(end.error.text)")
        #expect(end.output.text.contains("-a -t 192.0.2.100:80 -r 192.0.2.21:80 -g -w 1"))
        #expect(end.output.text.contains("answer rs"), "\(end.error.text)")
        #expect(end.output.text.contains(" hello\nservice 192.0.2.100:80\n"), "\(end.error.text)")
        #expect(Tool.namespaces == before)
    }

    @Test func `interrupting the lab removes it`() throws {
        let before = Tool.namespaces
        let child = try ChildProcess(
            Program(
                "\(Tool.folder)/holdfast", ["lab", "up", "--place", "native"],
                environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/"],
                directory: Tool.repository),
            ChildStreams(output: .null, error: .null))
        let loop = try EventLoop<Int>()
        _ = try loop.register(child.descriptor, .read, 0)
        // Long enough to be in the middle of something; where exactly does not matter.
        _ = try loop.wait(until: Clock.now() + .seconds(5))
        child.send(.interrupt)
        let deadline = Clock.now() + .seconds(30)
        var end: Termination?
        while end == nil, Clock.now() < deadline {
            _ = try loop.wait(until: deadline)
            end = try child.reap()
        }
        #expect(end == .exited(130))
        #expect(Tool.namespaces == before)
    }
}
