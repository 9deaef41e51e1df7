import Director

Entry.main(Array(CommandLine.arguments.dropFirst()), as: CommandLine.arguments.first ?? "")
