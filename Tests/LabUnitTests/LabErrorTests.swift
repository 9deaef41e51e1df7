import Lab
import Testing

@Suite struct LabErrorTests {
    @Test func `an error reads as its sentence`() {
        #expect("\(LabError("it rains"))" == "it rains")
    }
}
