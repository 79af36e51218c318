package io.millrace.jobs.cli;

import io.millrace.jobs.console.Console;
import io.millrace.jobs.session.LogFile;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Runs one command line: parses it, calls its verb, tells faults, yields the exit code. */
public final class Cli {

  private static final int USAGE = 2;

  private final Console console;
  private final LogFile log;
  private final Elsewhere elsewhere;
  private final List<Commands.Entry> entries;

  /**
   * @param verbs made only when a command needs one
   * @param clock tells what today is, for {@code --date} at a terminal
   */
  public Cli(Supplier<Verbs> verbs, Console console, LogFile log, Clock clock) {
    this(verbs, console, log, clock, Elsewhere.NOWHERE);
  }

  /**
   * @param elsewhere runs commands whose place isn't this process
   */
  public Cli(
      Supplier<Verbs> verbs, Console console, LogFile log, Clock clock, Elsewhere elsewhere) {
    this.console = console;
    this.elsewhere = elsewhere;
    this.log = log;
    this.entries = Commands.all(new Context(verbs, console, clock));
  }

  /** Whether the arguments ask for JSON; needed before they are parsed, for faults in them. */
  public static Console.Format format(String... args) {
    return Arrays.asList(args).contains("--json") ? Console.Format.JSON : Console.Format.TEXT;
  }

  /** Runs the command and yields the exit code of the process. Throws nothing. */
  public int execute(String... args) {
    CommandLine program = program(called(args));
    if (args.length == 0) {
      program.usage(new PrintWriter(System.err, true, java.nio.charset.StandardCharsets.UTF_8));
      return USAGE;
    }
    try {
      return program.execute(args);
    } catch (Throwable fault) {
      return tell(fault, Arrays.asList(args).contains("--debug"));
    }
  }

  /**
   * The command that the first word names, since to build all of them takes a third of a second.
   */
  private List<Commands.Entry> called(String... args) {
    List<Commands.Entry> one =
        entries.stream().filter(entry -> args.length > 0 && entry.word().equals(args[0])).toList();
    return one.isEmpty() ? entries : one;
  }

  private CommandLine program(List<Commands.Entry> called) {
    CommandLine root = new CommandLine(new Top());
    for (Commands.Entry entry : called) {
      CommandLine command = new CommandLine(entry.command());
      CommandSpec spec = command.getCommandSpec();
      spec.usageMessage().description(entry.summary(), "");
      spec.usageMessage().sortOptions(false);
      spec.usageMessage().footer("", "Example:", "  millrace " + entry.example());
      root.addSubcommand(entry.word(), command);
    }
    root.addSubcommand("help", new CommandLine.HelpCommand());
    root.getCommandSpec()
        .usageMessage()
        .sectionMap()
        .put(
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            help -> CommandList.text(entries));
    int columns = Math.min(Math.max(console.terminal().columns().orElse(80), 60), 100);
    root.setUsageHelpWidth(columns);
    root.setColorScheme(
        CommandLine.Help.defaultColorScheme(console.terminal().colour() ? Ansi.ON : Ansi.OFF));
    root.setOut(new PrintWriter(new ConsoleWriter(console), true));
    root.setExecutionStrategy(this::run);
    root.setParameterExceptionHandler(this::misused);
    root.setExecutionExceptionHandler(
        (fault, command, parsed) -> tell(fault, parsed.expandedArgs().contains("--debug")));
    return root;
  }

  /** A command that is well formed: elsewhere, where its place says so, else here. */
  private int run(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (!last.isUsageHelpRequested()
        && last.commandSpec().userObject() instanceof SparkCommand command) {
      try {
        OptionalInt code =
            elsewhere.run(
                command.task(last.commandSpec().name()),
                () -> {
                  List<String> arguments = new ArrayList<>(parsed.originalArgs());
                  arguments.addAll(command.settled());
                  return arguments;
                });
        if (code.isPresent()) {
          return code.getAsInt();
        }
      } catch (RuntimeException fault) {
        return tell(fault, parsed.expandedArgs().contains("--debug"));
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private int misused(ParameterException fault, String[] args) {
    console.fault(USAGE, UsageFault.message(fault));
    return USAGE;
  }

  private int tell(Throwable thrown, boolean debug) {
    Fault fault = Fault.of(thrown, log.path());
    if (fault.logged()) {
      log.append(thrown);
    }
    console.fault(fault.exitCode(), fault.message());
    if (debug) {
      thrown.printStackTrace();
    }
    return fault.exitCode();
  }

  /** The command without a word. */
  @Command(
      name = "millrace",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      synopsisHeading = "Usage: ",
      customSynopsis = "millrace COMMAND [OPTIONS]",
      commandListHeading = "",
      description = {
        "",
        "From one YAML file per prediction task to versioned predictions on a Delta lake.",
        ""
      },
      footer = {
        "",
        "Example:",
        "  millrace daily churn --date 2026-01-31",
        "",
        "`millrace COMMAND --help` tells more. Exit codes: 0 done or already done,",
        "2 bad spec or arguments, 3 bad data, 4 unavailable (a retry may help),",
        "10 stopped by a gate, 1 a bug."
      })
  static final class Top implements Runnable {

    @CommandLine.Spec private CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "COMMAND is missing");
    }
  }

  /** The version that the jar's manifest tells. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Cli.class.getPackage().getImplementationVersion();
      return new String[] {"millrace " + Optional.ofNullable(version).orElse("(unpacked)")};
    }
  }
}
