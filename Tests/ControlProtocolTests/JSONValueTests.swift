import ControlProtocol
import Testing
import Timekeeping

@Suite struct JSONValueTests {
    private let value: JSONValue = [
        "text": "a", "whole": 3, "half": .number(0.5), "yes": true, "none": nil, "list": [1, "b"],
        "age": .seconds(.milliseconds(250)),
    ]

    @Test func `members are found by name, elements by place`() {
        #expect(value["text"]?.text == "a" && value["whole"]?.integer == 3 && value["yes"]?.bool == true)
        #expect(value["none"] == .null && value["nothing"] == nil)
        #expect(value["list"]?[1] == "b" && value["list"]?[2] == nil && value["list"]?[-1] == nil)
        #expect(value[0] == nil && value["list"]?["text"] == nil)
        #expect(value["list"]?.elements == [1, "b"] && value.elements == [])
        #expect(value.members.map(\.name) == ["text", "whole", "half", "yes", "none", "list", "age"])
        #expect(JSONValue.null.members == [])
    }

    @Test func `every number is a double, and only whole ones are integers`() {
        #expect(value["whole"]?.double == 3 && value["half"]?.double == 0.5 && value["age"]?.double == 0.25)
        #expect(value["half"]?.integer == nil && value["text"]?.double == nil)
    }

    @Test func `nothing is what it is not`() {
        for wrong in [JSONValue.null, 1, "x", [], [:], true] {
            #expect(wrong == "x" || wrong.text == nil)
            #expect(wrong == 1 || wrong.integer == nil)
            #expect(wrong == true || wrong.bool == nil)
        }
    }

    @Test func `a count that is too large is the largest`() {
        #expect(JSONValue(count: 7) == 7)
        #expect(JSONValue(count: .max) == .integer(.max))
    }
}
