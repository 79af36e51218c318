package io.millrace.jobs.cli;

import io.millrace.SpecException;
import io.millrace.config.Spans;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The commands that say what is kept, and delete the rest. */
final class RetainCommands {

  private RetainCommands() {}

  /** Adds, takes back and lists pins. */
  @Command
  static final class Pin implements Callable<Integer> {

    private final Context context;

    @Parameters(index = "0", paramLabel = "ACTION", description = "add, remove or list.")
    private String action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "The pin's name.")
    private String name;

    @Parameters(
        index = "2..*",
        arity = "0..*",
        paramLabel = "WHAT",
        description =
            "TABLE@VERSION, TABLE (its newest version) or the version of a model. With remove:"
                + " what of the pin is taken back (default: all).")
    private List<String> what = new ArrayList<>();

    @Option(
        names = "--until",
        paramLabel = "DATE",
        converter = DateConverter.class,
        description = "Last day on which it holds (default: no end).")
    private LocalDate until;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; is kept with it.")
    private String reason = "";

    @Mixin private PlaceOptions options;

    Pin(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Pinning.Action asked = action();
      if (asked != Pinning.Action.LIST && (name == null || !name.matches("[\\w][\\w.-]{0,63}"))) {
        throw new SpecException(
            name == null
                ? "pin %s: NAME is missing, such as `pin add audit-2026 features/churn@12`"
                    .formatted(action)
                : "pin: %s is no name; write letters, digits, . - and _, at most 64"
                    .formatted(name));
      }
      if (asked == Pinning.Action.ADD && what.isEmpty()) {
        throw new SpecException(
            "pin add: WHAT is missing, such as `pin add %s features/churn@12`".formatted(name));
      }
      return context
          .verbs()
          .get()
          .pin(
              new Pinning(
                  asked,
                  Optional.ofNullable(name),
                  what,
                  Optional.ofNullable(until),
                  reason,
                  options.place()),
              context.console());
    }

    private Pinning.Action action() {
      for (Pinning.Action known : Pinning.Action.values()) {
        if (known.name().toLowerCase(Locale.ROOT).equals(action)) {
          return known;
        }
      }
      throw new SpecException("pin: there is no action " + action + "; write add, remove or list");
    }
  }

  /** Deletes what nothing needs, and joins small files. */
  @Command
  static final class Vacuum implements Callable<Integer> {

    private final Context context;

    @Option(
        names = "--retain",
        paramLabel = "SPAN",
        converter = SpanConverter.class,
        description = "Keep what was current within it, such as 30d or 0d (default: 30d).")
    private Duration retain;

    @Option(
        names = "--grace",
        paramLabel = "SPAN",
        converter = SpanConverter.class,
        description =
            "Keep what a command that is under way may read or write, if it began within it"
                + " (default: 24h). 0h only where nobody else works in the lake.")
    private Duration grace;

    @Option(names = "--dry-run", description = "Only show what would be deleted and joined.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Delete and join without asking.")
    private boolean yes;

    @Mixin private PlaceOptions options;

    Vacuum(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      if (dryRun && yes) {
        throw new SpecException("--dry-run and --yes contradict each other; give one of them");
      }
      Cleaning asked =
          new Cleaning(
              Optional.ofNullable(retain),
              Optional.ofNullable(grace),
              dryRun,
              yes,
              options.place());
      return context.verbs().get().vacuum(asked, context.console());
    }
  }

  /** Spans as specs write them. */
  static final class SpanConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Spans.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is no span of time; write 30d, 12h or 0d"));
    }
  }
}
