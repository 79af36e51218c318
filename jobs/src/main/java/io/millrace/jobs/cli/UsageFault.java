package io.millrace.jobs.cli;

import io.millrace.Nearest;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in two lines what is wrong with a command line, and what was probably meant. */
final class UsageFault {

  private UsageFault() {}

  static String message(ParameterException fault) {
    CommandLine command = fault.getCommandLine();
    return text(fault) + System.lineSeparator() + "see: " + help(command);
  }

  private static String text(ParameterException fault) {
    if (fault instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    if (fault instanceof MissingParameterException missing) {
      List<ArgSpec> arguments = missing.getMissing();
      if (!arguments.isEmpty()) {
        return String.join(", ", arguments.stream().map(UsageFault::name).toList())
            + (arguments.size() == 1 ? " is missing" : " are missing");
      }
    }
    if (fault instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + " is given twice; give it once";
    }
    if (fault.getArgSpec() != null) {
      return name(fault.getArgSpec()) + ": " + value(fault);
    }
    return fault.getMessage();
  }

  /** What is wrong with a value; picocli's own sentences repeat the option's name and type. */
  private static String value(ParameterException fault) {
    if (fault.getArgSpec().isMultiValue() && fault.getValue() != null) {
      return "'" + fault.getValue() + "' is not of the form " + fault.getArgSpec().paramLabel();
    }
    return fault
        .getMessage()
        .replaceFirst("^Invalid value for .*? \\([^)]*\\): ", "")
        .replaceFirst("^Invalid value for option '[^']*': ", "");
  }

  private static String unmatched(UnmatchedArgumentException fault) {
    String word = fault.getUnmatched().get(0);
    boolean top = fault.getCommandLine().getParent() == null;
    String kind =
        fault.isUnknownOption() ? "unknown option" : top ? "unknown command" : "unexpected";
    String text = kind + " '" + word + "'";
    List<String> names = names(fault.getCommandLine(), fault.isUnknownOption());
    return Nearest.of(word, names)
        .map(near -> text + "; did you mean '" + near + "'?")
        .orElse(text);
  }

  private static List<String> names(CommandLine command, boolean options) {
    if (!options) {
      return List.copyOf(command.getSubcommands().keySet());
    }
    return command.getCommandSpec().options().stream()
        .map(OptionSpec::longestName)
        .filter(name -> name.startsWith("--"))
        .toList();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String help(CommandLine command) {
    return command.getCommandSpec().qualifiedName() + " --help";
  }
}
