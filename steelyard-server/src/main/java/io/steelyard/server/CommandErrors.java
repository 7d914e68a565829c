package io.steelyard.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a person sees when a command goes wrong: lines to act on, never a stack trace. */
final class CommandErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** Wrong usage. */
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    if (arguments.length == 0) {
      command.usage(err);
    } else {
      err.println("steelyard: " + e.getMessage());
      UnmatchedArgumentException.printSuggestions(e, err);
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    err.flush();
    return ExitCode.USAGE;
  }

  /** A fault of ours: nothing that a user does should get here. */
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult arguments) {
    PrintWriter err = command.getErr();
    err.println("steelyard: internal error, please report it: " + e);
    err.println(whereToRead(e));
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private static String whereToRead(Exception e) {
    try {
      Path file = Files.createTempFile("steelyard-error-", ".txt");
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
        out.println(String.join(System.lineSeparator(), new Version().getVersion()));
        e.printStackTrace(out);
      }
      return "Its details are in " + file;
    } catch (IOException notWritten) {
      return "Its details could not be written: " + notWritten.getMessage();
    }
  }
}
