import Director

Entry.main(Array(CommandLine.arguments.dropFirst()))
